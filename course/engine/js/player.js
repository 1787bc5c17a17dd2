/* The player: a talk with one customer. Python says how the customer takes it; this shows it and sends the choice. */

function render({ model, el }) {
  const say = speaker(model);
  const { id: customer, name, title, channel, facts, own, readings, graded } = model.get("told");
  const root = frame(el, "player", say("player.title", { name }));
  const keeping = keeper(model, root, () => {
    waiting = null;
    draw();
  });
  let waiting = null; // the walk that Python has not answered yet
  let drawn = []; // turns already in the transcript
  let contesting = false; // the learner says how own words were meant
  let byKey = false;
  let back = false; // the learner goes back to a turn, from far below

  const log = h("div", { class: "hp-log", role: "log", "aria-live": "polite", "aria-label": say("player.transcript"), tabindex: 0 });
  const options = h("div", { class: "hp-options", role: "group", "aria-label": say("player.choose") });
  const mood = h("div", { class: "hp-mood", role: "group", "aria-label": say("player.thermometer") });
  const after = h("div", { class: "hp-after" });
  const figure = h("figure", { class: "hp-plot" });
  const note = h("p", { class: "hp-help", role: "status" });
  const meant = h("div", { class: "hp-meant" });
  const words = own ? ownWords() : null;
  const minute = breather(say);
  const ownNote = noteToSelf(say, `${customer}:${model.get("name")}`);
  const stage = h("div", { class: graded ? "hp-stage hp-alone" : "hp-stage" }, h("div", { class: "hp-talk" }, log, note, meant, options, words), graded ? null : mood);
  const again = h("button", { type: "button", class: "hp-quiet", onclick: () => go([]) }, sign("↺"), say("player.again"));

  root.append(
    h("div", { class: "hp-head" },
      h("h3", { class: "hp-title" }, title),
      h("p", { class: "hp-help" }, say("player.title", { name }), h("span", { class: "hp-tag" }, say(`channel.${channel}`)))),
    graded ? h("p", { class: "hp-help" }, say("player.call.help")) : "",
    h("details", { class: "hp-more" }, h("summary", {}, say("player.facts")), h("p", { dir: "auto" }, facts)),
    stage,
    after,
    h("div", { class: "hp-foot" }, keeping.status, again));

  function go(walk) {
    byKey = options.contains(document.activeElement) || meant.contains(document.activeElement);
    contesting = false;
    back = walk.length < model.get("talk").path.length;
    waiting = walk;
    note.textContent = "";
    keeping.keep(walk);
    drawOptions();
  }

  function draw() {
    const talk = model.get("talk");
    if (waiting && !same(waiting, talk.path)) return;
    waiting = null;
    const known = drawn.findIndex((turn, at) => !same(turn, talk.turns[at]));
    if (known >= 0) {
      [...log.children].slice(known).forEach((old) => old.remove());
      drawn.length = known;
    }
    for (const turn of talk.turns.slice(drawn.length)) {
      log.append(line(turn));
      drawn.push(turn);
    }
    log.scrollTop = log.scrollHeight;
    if (!graded) drawMood(talk.state);
    drawOptions();
    drawRead(talk);
    drawAfter(talk);
    again.hidden = !talk.path.length;
    if (words) words.hidden = Boolean(talk.ending);
    if (back) stage.scrollIntoView({ block: "start" }); // what it grew out of is gone, and so is the place on the page
    if (byKey || back) (options.querySelector("button") || after.querySelector("h4") || log).focus({ preventScroll: true });
    byKey = back = false;
  }

  function line({ who, text }) {
    return h("p", { class: `hp-line hp-${who}` },
      h("span", { class: "hp-who" }, who === "customer" ? name : say("player.you")),
      h("span", { class: "hp-said", dir: "auto" }, text));
  }

  function drawOptions() {
    const talk = model.get("talk");
    const focused = options.contains(document.activeElement) && document.activeElement.dataset.option;
    options.hidden = Boolean(talk.ending);
    options.replaceChildren(
      h("h4", { class: "hp-ask" }, say("player.choose")),
      ...talk.options.map(({ id, say: text }) => h("button",
        { type: "button", class: "hp-option", dir: "auto", "data-option": id, disabled: Boolean(waiting),
          "data-chosen": Boolean(waiting) && waiting[waiting.length - 1] === id,
          onclick: () => go([...talk.path, id]) }, text)));
    if (focused) options.querySelector(`[data-option="${focused}"]:enabled`)?.focus({ preventScroll: true }); // drawn anew, not left
  }

  /** How the learner's own words were read, and the way to say what they were meant to do. */
  function drawRead({ read }) {
    note.textContent = !read ? "" : read.unread ? say(read.move === "unsure" ? "player.not-read" : "player.not-read-again", { name })
      : say(read.contested ? "player.read-as-meant" : "player.read-as", { move: say(`move.${read.move}`) });
    const choice = (move) => h("button", { type: "button", class: "hp-meant-as", "data-meant": move, disabled: Boolean(waiting),
      onclick: () => keeping.send({ kind: "meant", move }) }, say(`meant.${move}`));
    const other = (moves) => moves.filter((move) => move !== read.move).map(choice);
    const ask = (yes) => () => {
      contesting = yes;
      drawRead({ read });
      meant.querySelector("button").focus({ preventScroll: true });
    };
    meant.replaceChildren(...(!read ? [] : contesting
      ? [h("div", { role: "group", "aria-label": say("player.meant") },
          h("h4", { class: "hp-ask" }, say("player.meant")), h("div", { class: "hp-meanings" }, ...other(readings.helps)),
          h("details", { class: "hp-more" }, h("summary", {}, say("player.meant.harms")), h("div", { class: "hp-meanings" }, ...other(readings.harms))),
          h("button", { type: "button", class: "hp-quiet", onclick: ask(false) }, say("player.meant.leave")))]
      : [h("button", { type: "button", class: "hp-quiet hp-contest", onclick: ask(true) },
          say(read.unread ? "player.say-meant" : "player.not-meant"))]));
  }

  function drawMood({ anger, trust, patience, heard, level, change, reading }) {
    mood.dataset.level = level;
    mood.replaceChildren(
      h("div", { class: "hp-thermometer", role: "meter", "aria-valuemin": 0, "aria-valuemax": 10, "aria-valuenow": anger,
        "aria-valuetext": reading, "aria-label": say("player.thermometer") },
        ...Array.from({ length: 10 }, (_, step) => h("i", { class: 10 - step <= anger ? "on" : "" }))),
      h("div", { class: "hp-reading" },
        h("span", { class: "hp-small" }, say("state.anger")),
        h("strong", { class: "hp-big" }, String(anger), h("small", {}, " / 10")),
        h("span", { class: "hp-word" }, say(`state.anger.${level}`)),
        h("span", { class: "hp-change" }, change ? sign({ rose: "▲", fell: "▼", same: "■" }[change]) : "", change ? say(`state.${change}`) : "")),
      h("dl", { class: "hp-others" },
        h("dt", {}, say("state.trust")), h("dd", {}, `${trust} / 10`, level10(trust)),
        h("dt", {}, say("state.patience")), h("dd", {}, `${patience} / 10`, level10(patience)),
        h("dt", { class: "hp-wide" }, sign(heard ? "✓" : "○"), say(heard ? "state.heard" : "state.not-heard"))));
  }

  const level10 = (value) => h("i", { class: "hp-thin", "aria-hidden": "true", style: `--share:${value * 10}%` });

  function drawAfter({ ending, debrief, path }) {
    if (graded) return void after.replaceChildren(...(ending ? [h("h4", { class: "hp-title", tabindex: -1 }, say("player.call.over"))] : []));
    if (!ending) {
      minute.stop();
      return void after.replaceChildren();
    }
    after.replaceChildren(
      h("section", { class: `hp-ending hp-ending-${ending.id}` },
        h("h4", { class: "hp-title", tabindex: -1 }, say("player.ended", { ending: say(`ending.${ending.id}`) })),
        h("p", {}, ending.after || say(`ending.${ending.id}.meaning`))),
      minute.node,
      h("h4", { class: "hp-title" }, say("player.plot")),
      figure,
      h("h4", { class: "hp-title" }, say("player.debrief")),
      h("p", { class: "hp-help" }, say("player.what-if.help")),
      h("ol", { class: "hp-turns" }, ...debrief.map((turn) => turned(turn, path))),
      ownNote);
  }

  function drawPlot() {
    const { light, dark, alt } = model.get("plot");
    figure.replaceChildren(...(light ? [h("img", { class: "hp-on-light", src: light, alt }), h("img", { class: "hp-on-dark", src: dark, alt })] : []));
  }

  function turned({ turn, said, move, why, rule, anger, trust, patience, change, effect, contested, notes, better, better_why }, path) {
    const moved = change > 0 ? "rose" : change < 0 ? "fell" : "same";
    return h("li", { class: "hp-turn", "data-effect": effect },
      h("div", { class: "hp-step-head" }, h("span", { class: "hp-small" }, say("player.turn", { turn })),
        sign({ helped: "✓", little: "≈", harmed: "!" }[effect]), h("strong", {}, move === "unsure" ? say("player.asked-back") : say(`move.${move}`)),
        h("span", { class: "hp-level" }, say("state.anger"), ` ${anger} `, sign({ rose: "▲", fell: "▼", same: "■" }[moved]),
          h("span", { class: "hp-hear" }, say(`state.${moved}`)), ` · ${say("state.trust")} ${trust} · ${say("state.patience")} ${patience}`)),
      h("q", { class: "hp-evidence", dir: "auto" }, said),
      why ? h("p", {}, why) : null,
      contested ? h("p", { class: "hp-doubt" }, say("player.contested")) : null,
      ...notes.map((what) => h("p", { class: "hp-doubt" }, say(`player.note.${what}`, { name }))),
      better ? h("div", { class: "hp-better" }, h("p", {}, h("strong", {}, say("player.better"), " "), h("q", { dir: "auto" }, better)), h("p", {}, better_why)) : null,
      rule ? h("p", { class: "hp-rule" }, say("player.rule", { rule })) : null,
      h("button", { type: "button", class: "hp-quiet", onclick: () => go(path.slice(0, turn - 1)) }, sign("↺"), say("player.back-to", { turn })));
  }

  function ownWords() {
    const id = newId("own");
    const area = h("textarea", { id, rows: 2, maxlength: 600, dir: "auto", placeholder: say("player.type-here") });
    const form = h("form", { class: "hp-own", onsubmit: (event) => {
      event.preventDefault();
      if (area.value.trim() && !model.get("talk").ending) keeping.send({ kind: "own", text: area.value });
    } }, h("label", { for: id }, say("player.say-something")), area, h("button", { type: "submit" }, say("player.send")));
    keeping.onSaid = () => (area.value = "");
    return form;
  }

  /** Python has read the learner's own words, or taken them as they were meant: a walk, or none and the reason. */
  function onMessage(message) {
    if (message.kind !== "said") return;
    if (message.value) {
      go(message.value);
      keeping.onSaid();
    }
    if (message.say) note.textContent = say(message.say);
  }

  model.on("change:talk", draw);
  model.on("change:plot", drawPlot);
  model.on("msg:custom", onMessage);
  draw();
  drawPlot();
  return () => {
    model.off("change:talk", draw);
    model.off("change:plot", drawPlot);
    model.off("msg:custom", onMessage);
    minute.stop();
    keeping.stop();
  };
}

export default { render };
