/* The hand-in button: saves first, then Python looks, packs and sends. */

const PATIENCE_WITH_WORK = 30000; // ms: packing and sending take their time

function render({ model, el }) {
  const say = speaker(model);
  const root = frame(el, "hand-in", say("handin.title"));
  const list = h("ul", { class: "hp-list" });
  const result = h("div", { class: "hp-result", role: "status" });
  const main = h("button", { type: "button", class: "hp-main", onclick: () => start() });
  const look = h("button", { type: "button", class: "hp-quiet", onclick: lookOver }, say("handin.check"));
  const ask = h("div", { class: "hp-sure", role: "alertdialog", "aria-label": say("handin.title"), hidden: true });
  let late; // the end of our patience with a silent kernel
  let looking; // the look that follows an answer, after a while of silence
  let wanted = false; // the learner has pressed the button, and Python is looking

  root.append(h("h3", { class: "hp-title" }, say("handin.title")), list, ask, h("div", { class: "hp-buttons" }, main, look), result);

  /** Save the notebook, if there is somebody to save it, and go on in any case: the kernel has its own copy. */
  function saved(then) {
    let gone = false;
    const go = () => {
      if (!gone) then();
      gone = true;
    };
    const there = !root.dispatchEvent(new CustomEvent("heatproof:save",
      { bubbles: true, composed: true, cancelable: true, detail: { done: go } }));
    setTimeout(go, there ? 6000 : 0);
  }

  /** Send to Python; where it is gone, or silent for long, say so and offer a new one. */
  function send(kind) {
    clearTimeout(late);
    late = setTimeout(away, PATIENCE_WITH_WORK);
    try {
      model.send({ kind });
    } catch {
      away();
    }
  }

  function away() {
    clearTimeout(late);
    wanted = false;
    busy(false);
    result.replaceChildren(h("p", { class: "hp-status" }, sign("…"), say("saved.kernel-away"), " ",
      h("button", { type: "button", class: "hp-quiet", onclick: () => root.dispatchEvent(
        new CustomEvent("heatproof:wake", { bubbles: true, composed: true })) }, say("saved.wake"))));
  }

  function lookOver() {
    list.setAttribute("aria-live", "polite"); // only who asks is told aloud
    saved(() => send("look"));
  }

  /** An answer was given in this notebook: once it is stored, the list says so without being asked. */
  function onAnswer(event) {
    const notebook = root.closest(".jp-Notebook");
    if (!notebook || !notebook.contains(event.composedPath()[0])) return;
    clearTimeout(looking);
    looking = setTimeout(() => {
      list.removeAttribute("aria-live");
      try {
        model.send({ kind: "look" });
      } catch {
        // the kernel is gone: who wants to hand in will be told
      }
    }, 2500);
  }

  function start() {
    wanted = true;
    busy(true);
    saved(() => send("look"));
  }

  function busy(on) {
    main.disabled = on;
    main.replaceChildren(say(on ? "handin.working" : model.get("receipt").hash ? "handin.again" : "handin.button"));
  }

  function hear({ kind }) {
    clearTimeout(late);
    if (kind === "handed-in") {
      busy(false);
      result.querySelector("h4")?.focus({ preventScroll: true });
    } else if (kind === "looked" && wanted) {
      wanted = false;
      const open = Object.keys(model.get("form").open);
      if (open.length) sure();
      else send("hand-in");
    }
  }

  function sure() {
    busy(false);
    main.hidden = look.hidden = true;
    const close = () => {
      ask.hidden = true;
      main.hidden = look.hidden = false;
    };
    const yes = h("button", { type: "button", class: "hp-main", onclick: () => {
      close();
      busy(true);
      send("hand-in");
    } }, say("handin.anyway"));
    const leave = () => {
      close();
      main.focus();
    };
    const no = h("button", { type: "button", onclick: leave }, say("handin.not-yet"));
    ask.onkeydown = (event) => {
      if (event.key === "Escape") leave();
    };
    ask.replaceChildren(h("p", {}, h("strong", {}, say("handin.something-missing"))), h("p", {}, say("handin.sure")), h("div", { class: "hp-buttons" }, no, yes));
    ask.hidden = false;
    no.focus();
  }

  function drawForm() {
    const { complete = [], open = {}, notes = [], fault } = model.get("form");
    list.replaceChildren(
      ...(fault ? [h("li", { class: "hp-open" }, sign("!"), fault)] : []),
      ...complete.map((name) => h("li", {}, sign("✓"), say("handin.answered", { question: question(name) }))),
      ...Object.entries(open).map(([name, what]) => h("li", { class: "hp-open" }, sign("○"), what.replace(name, question(name)))),
      ...notes.map((note) => h("li", { class: "hp-open" }, sign("!"), note)));
  }

  /** "plan_2" as people call it. */
  function question(name) {
    const [, kind, number] = /^([a-z]+)_(\d+)$/.exec(name) || [];
    const id = `common.question.${kind}`;
    return kind && model.get("words")[id] ? say(id, { number }) : name;
  }

  function drawResult() {
    const { told: all = [], time, hash, zip, sent } = model.get("receipt");
    const listed = Object.values(model.get("form").open || {}); // these stand in the list above
    const told = all.filter((text) => !listed.includes(text));
    busy(false);
    if (!told.length) return void result.replaceChildren();
    result.replaceChildren(h("div", { class: "hp-receipt" },
      h("h4", { class: "hp-title", tabindex: -1 }, hash ? sign("✓") : "", hash ? say(sent ? "handin.done" : "handin.packed") : say("handin.title")),
      ...told.map((text) => h("p", {}, text)),
      zip ? link(zip) : null,
      hash ? h("dl", {}, h("dt", {}, say("handin.receipt")), h("dd", {}, say("handin.receipt.time", { time })),
        h("dd", { class: "hp-hash" }, say("handin.receipt.hash", { hash }))) : null,
      hash ? h("p", { class: "hp-help" }, say("handin.receipt.keep")) : null));
  }

  function link(file) {
    const place = h("p", {});
    root.dispatchEvent(new CustomEvent("heatproof:link", { bubbles: true, composed: true, cancelable: true, detail: {
      file, reply: (address) => place.replaceChildren(h("a", { class: "hp-button", href: address, download: file }, sign("↓"), file)) } }));
    return place;
  }

  document.addEventListener("heatproof:store", onAnswer);
  model.on("msg:custom", hear);
  model.on("change:form", drawForm);
  model.on("change:receipt", drawResult);
  drawForm();
  drawResult();
  return () => {
    clearTimeout(late);
    clearTimeout(looking);
    document.removeEventListener("heatproof:store", onAnswer);
    model.off("msg:custom", hear);
    model.off("change:form", drawForm);
    model.off("change:receipt", drawResult);
  };
}

export default { render };
