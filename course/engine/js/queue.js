/* The grader's queue: one plan that waits for a person, with what was found in it. Python decides; this shows it.
   What a grader chooses and types is kept in the browser until it is written down. */

/** Return what was typed for a plan and not written down. `name` changes when the plan is marked anew. */
function draft(name) {
  try {
    return JSON.parse(localStorage.getItem(name)) || {};
  } catch {
    return {}; // a browser that keeps nothing
  }
}

function keepDraft(name, { levels = {}, reason = "", agree = false, stood }) {
  try {
    if (reason || agree || Object.keys(levels).length) localStorage.setItem(name, JSON.stringify({ levels, reason, agree, stood }));
    else localStorage.removeItem(name);
  } catch {
    // a browser that keeps nothing
  }
}

function render({ model, el }) {
  const say = speaker(model);
  const root = frame(el, "queue", say("queue.title"));
  const done = h("p", { class: "hp-status", role: "status" }); // what became of a decision, above the plan that is shown instead
  const status = h("p", { class: "hp-status", role: "status" });
  const count = h("p", { class: "hp-count" });
  const body = h("div", { class: "hp-queue-plan" });
  const title = h("h3", { class: "hp-title", tabindex: "-1" }, say("queue.title"));
  let shown = null;
  let pressed = null; // the plan that was last to be written down
  let waiting = null; // runs while a decision is being written down
  let going = null; // runs until another plan is there
  root.append(title, count, done, body, status);

  const kept = (name) => ["heatproof-queue", ...["assignment", "marker"].map((each) => model.get("told")[each]), name].join(" ");

  function draw() {
    const item = model.get("item");
    const { number, of, decided, told } = model.get("place");
    count.textContent = of ? say("queue.place", { number, of }) + (decided ? " " + say("queue.decided", { decided }) : "") : "";
    if (shown === (item.id || "")) return;
    shown = item.id || "";
    clearTimeout(going);
    status.replaceChildren();
    const within = body.contains(document.activeElement);
    body.replaceChildren(...(item.id ? plan(item, of) : [h("p", {}, told || say("queue.none"))]));
    if (within) title.focus();
  }

  function plan(item, of) {
    const typed = draft(kept(item.draft));
    const stood = Object.fromEntries(item.steps.map((step) => [step.name, String([step.level, step.by_hand, step.waits])]));
    const asRead = ({ name }) => typed.stood?.[name] === stood[name]; // what somebody gave since is seen before it is changed
    const reason = h("textarea", { rows: 2, maxlength: 500, dir: "auto", id: newId("why") }, typed.reason || "");
    const agree = h("input", { type: "checkbox", checked: Boolean(typed.agree) && item.steps.every(asRead) });
    const choices = item.steps.map((step) => choice(step, asRead(step) ? typed.levels?.[step.name] : undefined));
    const levels = (which) => Object.fromEntries(choices.filter(which).map((each) => [each.name, each.level()]));
    body.oninput = () => keepDraft(kept(item.draft), { levels: levels((each) => each.touched()), reason: reason.value, agree: agree.checked, stood });
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
        h("button", { type: "button", class: "hp-main", onclick: ({ detail }) => {
          if (waiting || detail > 1) return; // the second press of a double click was not meant for the plan that comes next
          clearTimeout(going);
          pressed = item.id;
          tell(status, "wait", "…", say("queue.writing"));
          done.replaceChildren();
          waiting = setTimeout(() => { answered(); tell(status, "bad", "!", `${say("queue.unwritten")} ${say("queue.silent")}`); }, LONGEST);
          busy(true);
          model.send({ kind: "decide", id: item.id, levels: levels((each) => each.decided(agree.checked)), reason: reason.value });
        } }, say("queue.write")),
        ...(of > 1 ? [go(-1, "queue.back"), go(1, "queue.next")] : [])),
    ];
  }

  const piece = ({ text, marked, waits, ends }) => [marked ? h("mark", { class: waits ? "hp-evidence hp-doubted" : "hp-evidence" }, text) : text, ends ? h("sup", {}, "\u2060", ends) : ""]; // no line begins with a letter that belongs to the line before

  const go = (by, id) => h("button", { type: "button", onclick: () => {
    if (waiting) return;
    settle();
    clearTimeout(going);
    going = setTimeout(() => tell(status, "bad", "!", say("queue.silent")), LONGEST);
    title.focus();
    model.send({ kind: "go", by });
  } }, say(id));

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
    if (message.ok) keepDraft(kept(message.draft), {});
    if (!message.ok && pressed === shown) return void tell(status, "bad", "!", message.say);
    tell(done, ...(message.ok ? ["good", "✓"] : ["bad", "!"]), message.say);
    title.focus();
  }

  function answered() {
    clearTimeout(waiting);
    waiting = null;
    busy(false);
  }

  /** Say on the buttons whether they can be pressed; the focus stays where it is. */
  function busy(now) {
    root.setAttribute("aria-busy", String(now));
    for (const button of body.querySelectorAll("button")) button.setAttribute("aria-disabled", String(now));
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
    clearTimeout(waiting);
    clearTimeout(going);
    model.off("change:item", draw);
    model.off("change:place", draw);
    model.off("msg:custom", hear);
  };
}

export default { render };
