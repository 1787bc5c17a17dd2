/* The player: a talk with one customer. Python says how the customer takes it; this shows it and sends the choice. */

function render({ model, el }) {
  const say = speaker(model);
  const { name, title, channel, facts, own } = model.get("told");
  const root = frame(el, "player", say("player.title", { name }));
  const keeping = keeper(model, root, () => {
    waiting = null;
    draw();
  });
  let waiting = null; // the walk that Python has not answered yet
  let drawn = 0; // turns already in the transcript
  let byKey = false;
  let back = false; // the learner goes back to a turn, from far below

  const log = h("div", { class: "hp-log", role: "log", "aria-live": "polite", "aria-label": say("player.transcript"), tabindex: 0 });
  const options = h("div", { class: "hp-options", role: "group", "aria-label": say("player.choose") });
  const mood = h("div", { class: "hp-mood", role: "group", "aria-label": say("player.thermometer") });
  const after = h("div", { class: "hp-after" });
  const figure = h("figure", { class: "hp-plot" });
  const note = h("p", { class: "hp-help", role: "status" });
  const words = own ? ownWords() : null;
  const stage = h("div", { class: "hp-stage" }, h("div", { class: "hp-talk" }, log, options, words, note), mood);
  const again = h("button", { type: "button", class: "hp-quiet", onclick: () => go([]) }, sign("↺"), say("player.again"));

  root.append(
    h("div", { class: "hp-head" },
      h("h3", { class: "hp-title" }, title),
      h("p", { class: "hp-help" }, say("player.title", { name }), h("span", { class: "hp-tag" }, say(`channel.${channel}`)))),
    h("details", { class: "hp-more" }, h("summary", {}, say("player.facts")), h("p", { dir: "auto" }, facts)),
    stage,
    after,
    h("div", { class: "hp-foot" }, keeping.status, again));

  function go(walk) {
    byKey = options.contains(document.activeElement);
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
    if (talk.turns.length < drawn || !log.childElementCount) {
      log.replaceChildren();
      drawn = 0;
    }
    for (; drawn < talk.turns.length; drawn++) log.append(line(talk.turns[drawn]));
    log.scrollTop = log.scrollHeight;
    drawMood(talk.state);
    drawOptions();
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
    options.hidden = Boolean(talk.ending);
    options.replaceChildren(
      h("h4", { class: "hp-ask" }, say("player.choose")),
      ...talk.options.map(({ id, say: text }) => h("button",
        { type: "button", class: "hp-option", dir: "auto", "data-option": id, disabled: Boolean(waiting),
          "data-chosen": Boolean(waiting) && waiting[waiting.length - 1] === id,
          onclick: () => go([...talk.path, id]) }, text)));
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
    if (!ending) return void after.replaceChildren();
    after.replaceChildren(
      h("section", { class: `hp-ending hp-ending-${ending.id}` },
        h("h4", { class: "hp-title", tabindex: -1 }, say("player.ended", { ending: say(`ending.${ending.id}`) })),
        h("p", {}, ending.after || say(`ending.${ending.id}.meaning`))),
      h("h4", { class: "hp-title" }, say("player.plot")),
      figure,
      h("h4", { class: "hp-title" }, say("player.debrief")),
      h("p", { class: "hp-help" }, say("player.what-if.help")),
      h("ol", { class: "hp-turns" }, ...debrief.map((turn) => turned(turn, path))));
  }

  function drawPlot() {
    const { light, dark, alt } = model.get("plot");
    figure.replaceChildren(...(light ? [h("img", { class: "hp-on-light", src: light, alt }), h("img", { class: "hp-on-dark", src: dark, alt })] : []));
  }

  function turned({ turn, said, move, why, anger, change, effect, notes, better, better_why }, path) {
    const moved = change > 0 ? "rose" : change < 0 ? "fell" : "same";
    return h("li", { class: "hp-turn", "data-effect": effect },
      h("div", { class: "hp-step-head" }, h("span", { class: "hp-small" }, say("player.turn", { turn })),
        sign({ helped: "✓", little: "≈", harmed: "!" }[effect]), h("strong", {}, say(`move.${move}`)),
        h("span", { class: "hp-level" }, say("state.anger"), ` ${anger} `, sign({ rose: "▲", fell: "▼", same: "■" }[moved]),
          h("span", { class: "hp-hear" }, say(`state.${moved}`)))),
      h("q", { class: "hp-evidence", dir: "auto" }, said),
      why ? h("p", {}, why) : null,
      ...notes.map((what) => h("p", { class: "hp-doubt" }, say(`player.note.${what}`, { name }))),
      better ? h("div", { class: "hp-better" }, h("p", {}, h("strong", {}, say("player.better"), " "), h("q", { dir: "auto" }, better)), h("p", {}, better_why)) : null,
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

  /** Python has read the learner's own words: as a step of the walk, or not at all. */
  function onMessage(message) {
    if (message.kind !== "said") return;
    if (message.value) {
      go(message.value);
      keeping.onSaid();
    }
    note.textContent = say(message.say, { name, move: message.move ? say(`move.${message.move}`) : "" });
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
    keeping.stop();
  };
}

export default { render };
