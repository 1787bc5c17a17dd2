/* The sorter: replies to label, by mouse or by keyboard alone. Python says what was right, and why, if it may. */

function render({ model, el }) {
  const say = speaker(model);
  const { complaint, channel, replies, groups, folded, title, help, asks, named } = model.get("told");
  const called = (label) => named[label] ?? say(`label.${label}`);
  const meaningOf = (label) => (label && !(label in named) ? say(`label.${label}.meaning`) : "");
  const own = Object.keys(named).length > 0;
  const root = frame(el, "sorter", title);
  const keeping = keeper(model, root, (value) => {
    chosen = { ...(value || {}) };
    draw();
  });
  let chosen = { ...(model.get("value") || {}) };

  const bar = h("progress", { class: "hp-bar", max: replies.length, value: 0, "aria-hidden": "true" });
  const count = h("p", { class: "hp-count", "aria-live": "polite" });
  const cards = replies.map((reply, index) => card(reply, index));
  root.append(
    h("h3", { class: "hp-title" }, title),
    asks ? h("p", { class: "hp-asks", dir: "auto" }, asks) : "",
    h("p", { class: "hp-help" }, help),
    h("p", { class: "hp-keys" }, say("sorter.keys")),
    complaint ? customer() : "",
    h("div", { class: "hp-progress hp-stays" }, h("div", { class: "hp-under" }, count, keeping.status), bar),
    h("div", { class: "hp-cards" }, ...cards.map(({ node }) => node)),
    meanings(),
  );

  /** What the customer said: in the open, or folded where the notebook's own text shows it as well. */
  function customer() {
    const who = say("sorter.customer");
    const quote = quotation(folded ? "" : who, complaint, channel && say(`channel.${channel}`));
    return folded ? h("details", { class: "hp-more" }, h("summary", {}, who), quote) : quote;
  }

  function card(reply, index) {
    const text = newId("reply");
    const hint = h("p", { class: "hp-meaning", id: newId("meaning") });
    const reason = h("div", { class: "hp-reason", role: "status" });
    const buttons = groups.flatMap(({ labels }) => labels).map((label) => choice(reply.id, label, hint));
    const byLabel = (label) => buttons.find((button) => button.dataset.label === label);
    const group = h("div",
      { class: "hp-choices", role: "radiogroup", "aria-labelledby": text, "aria-describedby": own ? null : hint.id,
        onkeydown: (event) => move(event, buttons) },
      ...groups.map(({ id, labels }) => h("div", { class: `hp-group hp-group-${id}` },
        own ? null : h("span", { class: "hp-group-name" }, say(`label.group.${id}`)),
        h("div", { class: "hp-chips" }, ...labels.map(byLabel)))));
    const node = h("article", { class: "hp-card" },
      h("header", {}, h("span", { class: "hp-number" }, say(own ? "sorter.item" : "sorter.reply", { number: index + 1 }))),
      h("p", { class: "hp-reply", id: text, dir: "auto" }, reply.text),
      group, own ? null : hint, reason);
    return { id: reply.id, node, buttons, hint, reason };
  }

  function choice(reply, label, hint) {
    const meaning = () => (hint.textContent = meaningOf(label));
    return h("button",
      { type: "button", role: "radio", class: "hp-chip", "data-label": label, "aria-checked": "false",
        onclick: () => choose(reply, label), onfocus: meaning, onmouseenter: meaning,
        onmouseleave: () => drawHint(cards.find(({ id }) => id === reply)) },
      h("span", { class: "hp-dot", "aria-hidden": "true" }), called(label));
  }

  /** The arrow keys move between labels, and choose nothing: Space or Enter does. */
  function move(event, buttons) {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    const to = { Home: 0, End: buttons.length - 1 }[event.key];
    if (step === undefined && to === undefined) return;
    event.preventDefault();
    const now = buttons.indexOf(document.activeElement);
    const next = buttons[to !== undefined ? to : (now + step + buttons.length) % buttons.length];
    buttons.forEach((button) => (button.tabIndex = button === next ? 0 : -1));
    next.focus();
  }

  function choose(reply, label) {
    chosen = { ...chosen, [reply]: label };
    draw();
    keeping.keep(chosen);
  }

  function drawHint({ id, hint, buttons }) {
    const focused = buttons.includes(document.activeElement) && document.activeElement.dataset.label;
    const label = focused || chosen[id];
    hint.textContent = meaningOf(label);
  }

  function draw() {
    const reasons = model.get("reasons");
    for (const one of cards) {
      const { id, node, buttons, reason } = one;
      const label = chosen[id];
      node.classList.toggle("hp-done", Boolean(label));
      const current = buttons.find((button) => button.dataset.label === label) || buttons[0];
      for (const button of buttons) {
        button.setAttribute("aria-checked", String(button.dataset.label === label));
        button.tabIndex = button === current ? 0 : -1;
      }
      drawHint(one);
      const told = reasons[id] && reasons[id].label === label ? reasons[id] : null;
      node.dataset.verdict = told ? told.verdict : "";
      const text = told ? [sign({ right: "✓", near: "≈", wrong: "→" }[told.verdict]),
        h("p", {}, h("strong", {}, say(`sorter.${told.verdict}`)), " ", told.why)] : [];
      if (reason.textContent !== h("div", {}, ...text.map((part) => part.cloneNode(true))).textContent) reason.replaceChildren(...text);
    }
    const done = replies.filter(({ id }) => chosen[id]).length;
    bar.value = done;
    const progress = done === replies.length ? say("sorter.all-done") : say("sorter.progress", { done, all: replies.length });
    if (count.textContent !== progress) count.textContent = progress;
  }

  function meanings() {
    if (own) return "";
    return h("details", { class: "hp-more" }, h("summary", {}, say("sorter.meaning")),
      h("dl", {}, ...groups.flatMap(({ labels }) => labels).flatMap((label) =>
        [h("dt", {}, called(label)), h("dd", {}, meaningOf(label))])));
  }

  model.on("change:reasons", draw);
  draw();
  return () => {
    model.off("change:reasons", draw);
    keeping.stop();
  };
}

export default { render };
