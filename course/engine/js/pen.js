/* The pen: a plan in the learner's own words. Python reads it and says what it found; this shows it. */

const PAUSE = 600; // ms of silence before the plan is kept and read

function render({ model, el }) {
  const say = speaker(model);
  const root = frame(el, "pen", say("pen.title"));
  const { complaint, channel, facts, least, most, live } = model.get("told");
  const keeping = keeper(model, root, (value) => {
    if (timer || typeof value !== "string" || value === area.value) return; // what is being typed is newer
    area.value = value;
    drawCount();
  });

  const box = newId("plan");
  const help = newId("help");
  const area = h("textarea", { id: box, rows: 9, maxlength: most, dir: "auto", spellcheck: "true",
    placeholder: say("pen.placeholder"), "aria-describedby": help, oninput: write });
  area.value = model.get("value") || "";
  const count = h("p", { class: "hp-count" });
  const found = h("div", { class: "hp-found", role: "group", "aria-label": say("pen.feedback"), "aria-live": "polite" });
  let timer = null;

  root.append(
    h("div", { class: "hp-columns" },
      h("div", { class: "hp-column hp-case" },
        quotation(say("sorter.customer"), complaint, channel && say(`channel.${channel}`)),
        facts ? h("div", { class: "hp-facts" }, h("h3", {}, say("player.facts")), h("p", { dir: "auto" }, facts)) : ""),
      h("div", { class: "hp-column hp-sheet" },
        h("label", { class: "hp-title", for: box }, say("pen.title")),
        h("p", { class: "hp-help", id: help }, say("pen.help")),
        area, h("div", { class: "hp-under" }, count, keeping.status))),
    live ? found : "");

  /** Paired halves and marks that turn the direction of text are dropped: they come by pasting and nobody can see them. */
  const clean = (text) => (text.toWellFormed ? text.toWellFormed() : text).replace(/[\u202a-\u202e\u2066-\u2069\u0000]/g, "");

  function write() {
    drawCount();
    draw();
    clearTimeout(timer);
    timer = setTimeout(keepNow, PAUSE);
  }

  function keepNow() {
    timer = null;
    keeping.keep(clean(area.value));
  }

  function leave() {
    if (!timer) return;
    clearTimeout(timer);
    timer = null;
    if (clean(area.value) !== (model.get("value") || "")) keeping.keep(clean(area.value));
  }

  function drawCount() {
    const words = area.value.trim().split(/\s+/u).filter(Boolean).length;
    const enough = words >= least;
    const left = most - area.value.length;
    count.dataset.enough = String(enough);
    count.replaceChildren(h("strong", {}, say("pen.words", { count: words })), " ",
      !words ? "" : left < 200 ? say("pen.limit", { left }) : enough ? say("pen.enough") : say("pen.too-short", { min: least }));
  }

  function draw() {
    if (!live) return;
    const verdict = model.get("verdict");
    const current = verdict.of === clean(area.value);
    found.classList.toggle("hp-old", Boolean(verdict.components) && !current);
    if (found.dataset.of === JSON.stringify(verdict)) return;
    found.dataset.of = JSON.stringify(verdict);
    if (!verdict.components) {
      return void found.replaceChildren(h("h4", { class: "hp-title" }, say("pen.feedback")),
        h("p", { class: "hp-help" }, verdict.note || say("pen.live")));
    }
    found.replaceChildren(
      h("h4", { class: "hp-title" }, say("pen.feedback")),
      ...(verdict.note ? [h("p", { class: "hp-help" }, verdict.note)] : []),
      h("ol", { class: "hp-steps" }, ...verdict.components.map(step)),
      ...verdict.flags.map(flag));
  }

  function step({ title, level, most, standing, because, next_step, evidence, doubt }) {
    return h("li", { class: "hp-step", "data-level": standing },
      h("div", { class: "hp-step-head" }, meter(level, most), h("strong", {}, title),
        h("span", { class: "hp-level" }, say(`level.${standing}`))),
      ...told(because, evidence),
      doubt ? h("p", { class: "hp-doubt" }, say("pen.doubt")) : null,
      next_step ? h("p", { class: "hp-next" }, h("strong", {}, say("pen.next")), " ", next_step) : null);
  }

  /** The reason, with the learner's own words marked in it; words that it does not quote stand before it. */
  function told(because, evidence) {
    const parts = because.split(/“([^“”]*)”/u).map((part, at) => at % 2 ? quote(part, evidence.includes(part)) : part);
    const more = evidence.filter((text) => !because.includes(`“${text}”`));
    return [
      more.length ? h("p", { class: "hp-quotes" }, ...more.flatMap((text) => [quote(text, true), " "])) : null,
      because ? h("p", {}, ...parts) : null,
    ];
  }

  const quote = (text, found) => h(found ? "mark" : "span", { class: found && "hp-evidence", dir: "auto" }, `“${text}”`);

  const meter = (level, most) => h("span", { class: "hp-level-sign", "aria-hidden": "true" },
    ...Array.from({ length: most }, (_, mark) => h("i", { class: mark < level ? "on" : "" })));

  function flag({ title, evidence, because, better }) {
    return h("div", { class: "hp-flag" },
      h("strong", {}, sign("↺"), say("pen.flag"), ": ", title),
      ...told(because, evidence),
      better ? h("p", { class: "hp-next" }, h("strong", {}, say("pen.better")), " ", better) : null);
  }

  area.addEventListener("blur", leave);
  window.addEventListener("pagehide", leave);
  model.on("change:verdict", draw);
  drawCount();
  draw();
  return () => {
    leave();
    window.removeEventListener("pagehide", leave);
    model.off("change:verdict", draw);
    keeping.stop();
  };
}

export default { render };
