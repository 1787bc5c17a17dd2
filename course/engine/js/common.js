/* What every player shares: building nodes, filling in words, and keeping an answer safe.
 * It draws and stores; it decides nothing. Learner and customer text is only ever set as text, never as HTML. */

/** Make an element: h("p", {class: "hp-note", onclick: f}, "text", child, …). Null children are left out. */
function h(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

let counter = 0;
const newId = (what) => `hp-${what}-${Date.now().toString(36)}-${++counter}`;
const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
const sign = (glyph) => h("span", { class: "hp-sign", "aria-hidden": "true" }, glyph);

/** Return say(id, {values}): the word of that id with its {values} filled in. */
function speaker(model) {
  return (id, values = {}) => {
    const text = model.get("words")[id];
    if (text === undefined) return id;
    return text.replace(/\{\{|\}\}|\{(\w+)\}/g, (all, name) => (name ? String(values[name]) : all[0]));
  };
}

/** Make the frame of a player: a labelled group (no landmark: a notebook has many) that lets no key press reach the notebook's own shortcuts. */
function frame(el, kind, label) {
  const root = h("div", { class: `hp hp-${kind}`, role: "group", "aria-label": label });
  for (const key of ["keydown", "keypress", "keyup"]) root.addEventListener(key, (event) => event.stopPropagation());
  // The notebook listens while events go down, too: this tells it that the keys in here are not its own.
  root.dataset.lmSuppressShortcuts = "true";
  root.dataset.jpSuppressContextMenu = "true";
  root.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key === "s") event.preventDefault(); // answers are saved by themselves
  });
  el.append(root);
  return root;
}

const PATIENCE = 3500; // ms until a silent kernel or notebook is told to the learner
const LONGEST = 10000; // ms for which a silent kernel holds up the learner's first answer, or a grader's decision

/** Keep an answer safe in two places: the notebook's answer cell (an event) and the kernel's file (a message).
 *  onRestored(value) is called whenever the kernel says what the answer is. */
function keeper(model, root, onRestored) {
  const say = speaker(model);
  const status = h("p", { class: "hp-status", role: "status" });
  let turn = 0;
  let heard = true;
  let late;

  function tell(id, mood = "good") {
    status.dataset.mood = mood;
    status.replaceChildren(...(id ? [sign(mood === "good" ? "✓" : mood === "wait" ? "…" : "!"), say(id)] : []));
  }

  function send(message) {
    try {
      model.send(message);
    } catch {
      // the kernel is gone: the notebook still keeps the answer
    }
  }

  function notebook(name, detail) {
    return !root.dispatchEvent(
      new CustomEvent(`heatproof:${name}`, { bubbles: true, composed: true, cancelable: true, detail }));
  }

  function keep(value) {
    const mine = ++turn;
    const ours = () => mine === turn;
    const kept = { notebook: false, file: false };
    heard = false;
    tell("saved.saving", "wait");
    const there = notebook("store", {
      name: model.get("name"),
      value,
      done: ({ ok, why }) => {
        if (ok) {
          kept.notebook = true;
          send({ kind: "stored", value });
          if (ours()) tell("saved.kept");
        } else if (ours() && !kept.file && !kept.notebook) tell(why === "no-cell" ? "" : "saved.not-kept", "bad");
      },
    });
    keep.filed = (message) => {
      heard = true;
      kept.file = message.safe;
      if (ours() && !kept.notebook && !there) tell(message.safe ? "saved.file" : message.say || "saved.not-kept", message.safe ? "good" : "bad");
    };
    send({ kind: "answer", value });
    clearTimeout(late);
    late = setTimeout(() => {
      if (!ours()) return;
      if (!kept.notebook && !kept.file) tell("saved.not-kept", "bad");
      else if (!heard) {
        tell("saved.kernel-away", "wait");
        if (there) status.append(" ", h("button", { type: "button", class: "hp-quiet", onclick: () => notebook("wake") }, say("saved.wake")));
      }
    }, PATIENCE);
  }
  keep.filed = () => {};

  function hear(message) {
    if (message.kind === "filed") keep.filed(message);
    if (message.kind === "restored") {
      root.inert = false;
      if (turn && !message.again) return; // the learner has answered meanwhile: that is newer
      onRestored(model.get("value"), message.again);
      if (message.store) keep(model.get("value"));
      else if (message.say) tell(message.say, message.mood || "good");
    }
  }

  /** Ask the notebook what it holds, as soon as we are part of it, and let the kernel read it. */
  function restore(tries = 0) {
    if (!root.isConnected && tries < 200) return void setTimeout(() => restore(tries + 1), 25);
    let source = null;
    notebook("ask", { name: model.get("name"), reply: (text) => (source = text) });
    send({ kind: "cell", source, again: false });
  }

  function onChanged({ detail }) {
    if (detail.name !== model.get("name") || !detail.panel.contains(root)) return;
    tell("saved.two-windows", "wait");
    if (detail.won === "there") send({ kind: "cell", source: detail.source, again: true });
  }

  model.on("msg:custom", hear);
  document.addEventListener("heatproof:changed", onChanged);
  root.inert = true; // nothing is answered over an earlier answer that is still on its way
  const patience = setTimeout(() => (root.inert = false), LONGEST);
  restore();
  return {
    status, keep, tell, send, notebook, say,
    stop() {
      clearTimeout(late);
      clearTimeout(patience);
      model.off("msg:custom", hear);
      document.removeEventListener("heatproof:changed", onChanged);
    },
  };
}

/** The customer's own words, as a quotation with a name over it. */
function quotation(who, text, channel) {
  return h("figure", { class: "hp-quote" },
    h("figcaption", {}, who, channel ? h("span", { class: "hp-tag" }, channel) : null),
    h("blockquote", { dir: "auto" }, text));
}
