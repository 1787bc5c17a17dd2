/* After a talk: a minute to breathe, and a note to oneself. Both are the learner's own; nothing of them is sent anywhere. */

const BREATHS = { in: 4, out: 6 }; // seconds; a longer breath out calms
const MINUTE = 60; // seconds

/** Make the breather: {node, stop}. Where the system asks for no motion, only the words keep the pace. */
function breather(say) {
  let ticking = null;
  const word = h("p", { class: "hp-breath", role: "status" });
  const left = h("p", { class: "hp-help" });
  const circle = h("div", { class: "hp-circle", "aria-hidden": "true" });
  const close = h("button", { type: "button", class: "hp-quiet", onclick: shut }, say("breather.close"));
  const panel = h("div", { class: "hp-minute", role: "group", "aria-label": say("breather.title"), hidden: true,
    onkeydown: (event) => event.key === "Escape" && shut() }, circle, h("div", {}, word, left), close);
  const open = h("button", { type: "button", "aria-expanded": "false", onclick: start }, say("breather.open"));
  const node = h("section", { class: "hp-breather" }, h("p", { class: "hp-help" }, say("breather.why")), open, panel);

  function start() {
    let second = 0;
    stop();
    show(true);
    close.focus({ preventScroll: true });
    tick();
    ticking = setInterval(tick, 1000);

    function tick() {
      const done = second >= MINUTE;
      const now = second % (BREATHS.in + BREATHS.out) < BREATHS.in ? "in" : "out";
      circle.dataset.breath = done ? "done" : now;
      const text = say(done ? "breather.done" : `breather.${now}`);
      if (word.textContent !== text) word.textContent = text;
      left.textContent = done ? "" : say("breather.left", { seconds: MINUTE - second });
      second += 1;
      if (done) stop();
    }
  }

  function show(yes) {
    panel.hidden = !yes;
    open.hidden = yes;
    open.setAttribute("aria-expanded", String(yes));
  }

  function shut() {
    stop();
    show(false);
    open.focus({ preventScroll: true });
  }

  function stop() {
    clearInterval(ticking);
    ticking = null;
  }

  return { node, stop };
}

/** Make the note to oneself. It lives in this browser and nowhere else, so that it cannot be handed in. */
function noteToSelf(say, key) {
  const id = newId("note");
  const name = `heatproof:note:${key}`;
  const state = h("p", { class: "hp-help", role: "status" });
  const area = h("textarea", { id, rows: 3, maxlength: 2000, dir: "auto", oninput: keep });
  const remove = h("button", { type: "button", class: "hp-quiet", onclick: () => {
    area.value = "";
    keep();
    area.focus();
  } }, say("note.delete"));

  function keep() {
    let kept = true;
    try {
      if (area.value) localStorage.setItem(name, area.value);
      else localStorage.removeItem(name);
    } catch {
      kept = false; // the browser keeps nothing for us
    }
    remove.hidden = !area.value;
    const text = area.value || !kept ? say(kept ? "note.kept" : "note.not-kept") : "";
    if (state.textContent !== text) state.textContent = text;
  }

  try {
    area.value = localStorage.getItem(name) || "";
  } catch {
    // as above
  }
  remove.hidden = !area.value;
  return h("section", { class: "hp-note" },
    h("h4", { class: "hp-title" }, say("note.title")),
    h("p", { class: "hp-help" }, say("note.help")),
    h("label", { for: id }, say("note.label")), area,
    h("div", { class: "hp-under" }, state, remove));
}
