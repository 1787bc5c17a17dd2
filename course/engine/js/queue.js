/* The grader's queue: one plan that waits for a person, with what was found in it. Python decides; this shows it.
   What a grader chooses and types is kept in the browser until it is written down. */

/** Return what was typed for a plan and not written down; its name changes when the plan is marked anew. */
function draft(name) {
  try {
    return JSON.parse(localStorage.getItem(`heatproof-queue-${name}`)) || {};
  } catch {
    return {}; // a browser that keeps nothing
  }
}

function keepDraft(name, { levels = {}, reason = "", agree = false }) {
  const key = `heatproof-queue-${name}`;
  try {
    if (reason || agree || Object.keys(levels).length) localStorage.setItem(key, JSON.stringify({ levels, reason, agree }));
    else localStorage.removeItem(key);
  } catch {
    // a browser that keeps nothing
  }
}

function render({ model, el }) {
  const say = speaker(model);
  const root = frame(el, "queue", say("queue.title"));
  const done = h("p", { class: "hp-status", role: "status" }); // what was written, above the plan that comes next
  const status = h("p", { class: "hp-status", role: "status" });
  const count = h("p", { class: "hp-count" });
  const body = h("div", { class: "hp-queue-plan" });
  const title = h("h3", { class: "hp-title", tabindex: "-1" }, say("queue.title"));
  let shown = null;
  let waiting = null; // runs while a decision is being written down
  root.append(title, count, done, body, status);

  function draw() {
    const item = model.get("item");
    const { number, of, decided, told } = model.get("place");
    count.textContent = of ? say("queue.place", { number, of }) + (decided ? " " + say("queue.decided", { decided }) : "") : "";
    if (shown === (item.id || "")) return;
    shown = item.id || "";
    body.replaceChildren(...(item.id ? plan(item, of) : [h("p", {}, told || say("queue.none"))]));
  }

  function plan(item, of) {
    const typed = draft(item.draft);
    const reason = h("textarea", { rows: 2, maxlength: 500, dir: "auto", id: newId("why") }, typed.reason || "");
    const agree = h("input", { type: "checkbox", checked: Boolean(typed.agree) });
    const choices = item.steps.map((step) => choice(step, typed.levels?.[step.name]));
    const keep = () => keepDraft(item.draft, { levels: Object.fromEntries(choices.filter((each) => each.touched()).map((each) => [each.name, each.level()])), reason: reason.value, agree: agree.checked });
    body.oninput = keep;
    const group = (id, waits) => {
      const own = choices.filter((each) => each.waits === waits).map((each) => each.node);
      return own.length ? [h("h4", { class: "hp-title" }, say(id)), h("div", { class: "hp-choices" }, ...own)] : [];
    };
    const others = group("queue.others", false);
    return [
      h("div", { class: "hp-columns" },
        h("div", { class: "hp-column hp-case" },
          quotation(say("sorter.customer"), item.complaint, say(`channel.${item.channel}`)),
          item.facts ? h("div", { class: "hp-facts" }, h("h3", {}, say("queue.facts")), h("p", { dir: "auto" }, item.facts)) : null),
        h("div", { class: "hp-column" },
          h("h4", { class: "hp-title" }, say("queue.plan")),
          h("p", { class: "hp-written", dir: "auto" }, ...(item.unread ? [item.unread] : item.plan.length ? item.plan.flatMap(piece) : [say("page.empty-plan")])),
          ...item.flags.map(flag), ...group("queue.found", true))),
      ...others,
      others.length ? h("label", { class: "hp-agree" }, agree, " ", say("queue.agree")) : null,
      h("label", { class: "hp-why", for: reason.id }, say("queue.reason")), reason,
      h("p", { class: "hp-help" }, say("queue.kept")),
      h("div", { class: "hp-buttons" },
        h("button", { type: "button", class: "hp-main", onclick: () => {
          if (waiting) return;
          settle();
          tell(status, "wait", "…", say("queue.writing"));
          waiting = setTimeout(() => { answered(); tell(status, "bad", "!", say("queue.silent")); }, LONGEST);
          root.setAttribute("aria-busy", "true");
          const given = choices.filter((each) => each.decided(agree.checked)).map((each) => [each.name, each.level()]);
          model.send({ kind: "decide", id: item.id, levels: Object.fromEntries(given), reason: reason.value });
        } }, say("queue.write")),
        ...(of > 1 ? [go(-1, "queue.back"), go(1, "queue.next")] : [])),
    ];
  }

  const piece = ({ text, marked, waits, ends }) => [marked ? h("mark", { class: waits ? "hp-evidence hp-doubted" : "hp-evidence" }, text) : text, ends ? h("sup", {}, "\u2060", ends) : ""]; // no line begins with a letter that belongs to the line before

  const go = (by, id) => h("button", { type: "button", onclick: () => { settle(); model.send({ kind: "go", by }); title.focus(); } }, say(id));

  const flag = ({ title, because }) => h("div", { class: "hp-flag" },
    h("strong", {}, sign("!"), say("page.flag"), ": ", title), h("p", {}, because));

  /** One component: what was found, and its levels to choose from. What waits has none chosen yet. */
  function choice({ name, letter, title, levels, level, waits, because, standing }, typed) {
    const group = newId("level");
    const begin = waits ? -1 : level;
    const radios = levels.map((label, value) => h("input", { type: "radio", name: group, value, checked: value === (typed ?? begin) }));
    const node = h("fieldset", { class: "hp-choice", "data-waits": String(waits) },
      h("legend", {}, h("span", { class: "hp-letter", "aria-hidden": "true" }, letter), title),
      h("p", { class: "hp-stands" }, standing),
      because ? h("p", {}, because) : null,
      h("div", { class: "hp-levels" }, ...levels.map((label, value) => h("label", {}, radios[value], " ", label))));
    const chosen = () => radios.findIndex((radio) => radio.checked);
    return { name, node, waits, level: chosen, touched: () => chosen() >= 0 && chosen() !== begin, decided: (all) => chosen() >= 0 && (waits || all || chosen() !== level) };
  }

  function hear(message) {
    if (message.kind !== "decided") return;
    answered();
    settle();
    if (!message.ok) return void tell(status, "bad", "!", message.say);
    keepDraft(message.draft, {});
    tell(done, "good", "✓", message.say);
    title.focus();
  }

  function answered() {
    clearTimeout(waiting);
    waiting = null;
    root.removeAttribute("aria-busy");
  }

  function tell(place, mood, mark, words) {
    place.dataset.mood = mood;
    place.replaceChildren(sign(mark), words);
  }

  /** Take away what was said before. */
  function settle() {
    done.replaceChildren();
    status.replaceChildren();
  }

  model.on("change:item", draw);
  model.on("change:place", draw);
  model.on("msg:custom", hear);
  draw();
  return () => {
    model.off("change:item", draw);
    model.off("change:place", draw);
    model.off("msg:custom", hear);
  };
}

export default { render };
