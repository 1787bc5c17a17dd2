/* Heatproof in JupyterLab and Notebook 7: keeps answers in the notebook, opens it ready to play, shows no code.
 *
 * A module-federation container written by hand: no npm, no build. Players talk to it by DOM events
 * (they bubble from the player's node; a player knows that we are here because we call preventDefault):
 *   heatproof:store {name, value, done}   write the answer into the cell with that grade id, save, done({ok})
 *   heatproof:ask   {name, reply}         reply(the cell's source, or null), at once
 *   heatproof:save  {done}                save now, done({ok})
 *   heatproof:link  {file, reply}         reply(the address from which a file beside the notebook is downloaded)
 *   heatproof:wake  {}                    start a new kernel in place of a dead one
 * and hear on the document:
 *   heatproof:changed {panel, name, source, won}   another window answered too; the newer answer won "here" or "there"
 * It refuses to know what an answer means. It runs no cell that is not, to the letter, a call of ours with literals.
 */
(function () {
  "use strict";
  const MARK = "heatproof";
  const PAUSE = 400; // ms of silence before an answer is saved

  // ---- The cells of a marked notebook ------------------------------------------------------------------------

  const cellsOf = (panel) => Array.from(panel.content.model ? panel.content.model.cells : []);
  const gradeId = (cell) => (cell.getMetadata("nbgrader") || {}).grade_id;
  const isAnswer = (cell) => {
    const marks = cell.getMetadata("nbgrader") || {};
    return cell.type === "code" && Boolean(marks.grade_id) && marks.solution === true && !marks.locked;
  };
  const answerCell = (panel, name) => cellsOf(panel).find((cell) => isAnswer(cell) && gradeId(cell) === name);
  const sourceOf = (cell) => cell.sharedModel.getSource();

  /** One line of Python that is the value: JSON, with every character escaped that some reader takes for a new line. */
  const oneLine = (name, value) =>
    `${name} = ${JSON.stringify(value).replace(
      /[\u0080-\u009f\u2028\u2029]/g, (c) => "\\u" + c.charCodeAt(0).toString(16).padStart(4, "0"))}`;

  // ---- Which cells may run without being asked ---------------------------------------------------------------

  const CALL = /^(play|sort|write|hand_in)\(([^]*)\)$/;
  const LENT = ["from autograders import judge", "from autograders import exchange"];
  const KEYWORD = /^([^]*), (?:judge=(judge)|through=(exchange)|min_words=\d{1,4})$/;

  /** True for `from course import sort` + `sort("replies_1", {json})` and nothing else: such a cell can do no harm. */
  function isOurCall(source) {
    const lines = source.split("\n");
    const call = CALL.exec(lines.pop());
    if (!call || lines.shift() !== `from course import ${call[1]}` || !lines.every((line) => LENT.includes(line))) return false;
    let given = call[2];
    for (let match; (match = KEYWORD.exec(given)); given = match[1]) {
      const lent = match[2] || match[3];
      if (lent && !lines.includes(`from autograders import ${lent}`)) return false;
    }
    try {
      const values = JSON.parse(`[${given}]`);
      return values.length > 0 && values.length < 3 && /^[a-z][a-z0-9_-]*$/i.test(values[0]);
    } catch {
      return false;
    }
  }

  // Code in the notebook's own folder must not pose as ours, so that folder leaves the kernel's path first.
  const GUARD = [
    "def _heatproof():",
    "    import os, sys",
    "    sys.path[:] = [place for place in sys.path if place and os.path.realpath(place) != os.getcwd()]",
    "_heatproof()",
    "del _heatproof",
  ].join("\n");

  const nap = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

  /** Wait for a kernel that is connected, not only idle: before that, a request to run is lost. */
  async function connectedKernel(panel, stillWanted) {
    await panel.sessionContext.ready;
    while (stillWanted()) {
      const session = panel.sessionContext.session;
      const kernel = session && session.kernel;
      if (kernel && kernel.connectionStatus === "connected" && ["idle", "busy"].includes(kernel.status)) {
        await kernel.info;
        return kernel;
      }
      await nap(100);
    }
    return null;
  }

  // ---- One open notebook -------------------------------------------------------------------------------------

  class Open {
    constructor(app, panel, context) {
      Object.assign(this, { app, panel, context });
      this.base = new Map(); // grade id → the source that this window and the disk last agreed on
      this.waiting = []; // answers set in the model, not yet on disk: {name, source, done}
      this.flying = []; // the ones among them that the save under way carries
      this.texts = new WeakSet(); // text cells that are watched
      this.round = 0; // counts the runs; a newer one ends an older one
    }

    get shelf() {
      return `${MARK}:${this.app.serviceManager.serverSettings.baseUrl}${this.context.path}`;
    }

    start() {
      this.panel.addClass("heatproof-notebook");
      this.agree(this.sources());
      this.shareTheFile();
      this.context.saveState.connect((_, state) => this.onSave(state));
      this.dress();
      this.panel.content.model.cells.changed.connect(() => this.dress());
      this.panel.content.modelContentChanged.connect(() => this.dress());
      this.takeFromShelf();
      const session = this.panel.sessionContext;
      session.kernelChanged.connect((_, change) => change.newValue && this.run());
      session.statusChanged.connect((_, status) => /restarting/.test(status) && this.run());
      Promise.resolve(this.panel.revealed).then(() => this.run());
    }

    // Showing: which cells are ours is marked by class, the style sheet does the rest.
    dress() {
      for (const widget of this.panel.content.widgets) {
        const cell = widget.model;
        if (!cell) continue;
        if (cell.type === "markdown") this.stayText(widget);
        if (cell.type !== "code") continue;
        const ours = Boolean(gradeId(cell)) || (cell.getMetadata("jupyter") || {}).source_hidden === true;
        const tags = cell.getMetadata("tags") || [];
        const away = isAnswer(cell) || tags.includes("heatproof-answer") || tags.includes("heatproof-check");
        widget.toggleClass("heatproof-own", ours);
        widget.toggleClass("heatproof-away", ours && away);
      }
    }

    // JupyterLab opens the source even of a text that cannot be changed; for a learner it stays the text.
    stayText(widget) {
      if (this.texts.has(widget) || !widget.renderedChanged) return;
      this.texts.add(widget);
      widget.renderedChanged.connect((_, rendered) => {
        if (rendered || widget.model.getMetadata("editable") !== false) return;
        widget.rendered = true;
        this.panel.content.mode = "command";
      });
    }

    // Running: our calls one after the other; never an answer, a test or a learner's own cell.
    async run() {
      const round = ++this.round;
      const wanted = () => round === this.round && !this.context.isDisposed;
      const cells = this.panel.content.widgets.filter(
        (widget) => widget.model.type === "code" && !isAnswer(widget.model) && isOurCall(sourceOf(widget.model)));
      if (!cells.length) return;
      this.panel.node.setAttribute("aria-busy", "true");
      for (const cell of cells) {
        cell.model.sharedModel.transact(() => cell.model.clearExecution(), false);
        cell.addClass("heatproof-soon");
      }
      const kernel = await connectedKernel(this.panel, wanted);
      if (!kernel) return;
      try {
        await kernel.requestExecute({ code: GUARD, silent: true, store_history: false, stop_on_error: false }).done;
        for (const cell of cells) {
          if (!wanted() || cell.isDisposed) return;
          await cell.constructor.execute(cell, this.panel.sessionContext, { deletedCells: [] });
          cell.removeClass("heatproof-soon");
        }
        this.panel.node.setAttribute("aria-busy", "false");
      } catch (fault) {
        console.warn("heatproof: the run was cut short", fault); // the kernel went away; the next one runs again
      }
    }

    async wake() {
      const session = this.panel.sessionContext;
      const name = (session.session && session.session.kernel && session.session.kernel.name) || "python3";
      await this.app.serviceManager.sessions.refreshRunning(); // what the server has forgotten, JupyterLab forgets too
      await session.changeKernel({ name });
    }

    // Storing.
    store({ name, value, done }) {
      const cell = answerCell(this.panel, name);
      if (!cell) return done({ ok: false, why: "no-cell" });
      const source = oneLine(name, value);
      const was = sourceOf(cell);
      if (was !== source) {
        cell.sharedModel.setSource(source);
        cell.setMetadata(MARK, { answered: true });
        this.putOnShelf(name, source, was);
      }
      this.waiting.push({ name, source, done });
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.flush(), PAUSE);
    }

    ask({ name, reply }) {
      const cell = answerCell(this.panel, name);
      reply(cell ? sourceOf(cell) : null);
    }

    async link({ file, reply }) {
      const beside = this.context.path.replace(/[^/]*$/, file);
      reply(await this.app.serviceManager.contents.getDownloadUrl(beside));
    }

    async flush() {
      clearTimeout(this.timer);
      if (this.context.isDisposed) return;
      try {
        await this.context.save();
      } catch (fault) {
        console.warn("heatproof: not saved yet", fault);
        this.onSave("failed");
      }
    }

    async saveNow({ done }) {
      const name = `${MARK}-now`;
      this.waiting.push({ name, source: "", done });
      await this.flush();
    }

    onSave(state) {
      if (state === "started") {
        this.flying.push(...this.waiting.splice(0));
        this.sent = this.sources();
      } else if (state === "completed") {
        this.agree(this.sent || this.sources());
        for (const { name, source, done } of this.flying.splice(0)) {
          this.takeOffShelf(name, source);
          done && done({ ok: true });
        }
      } else if (state === "failed") {
        // They wait for the next save that succeeds; JupyterLab tries again by itself.
        const late = this.flying.splice(0);
        this.waiting.unshift(...late);
        for (const { done } of late) done && done({ ok: false, why: "not-saved" });
      }
    }

    sources() {
      return new Map(cellsOf(this.panel).filter(isAnswer).map((cell) => [gradeId(cell), sourceOf(cell)]));
    }

    agree(sources) {
      for (const [name, source] of sources) this.base.set(name, source);
    }

    // Two windows: the later save wins a field, not the file.
    shareTheFile() {
      const context = this.context;
      const save = context.save.bind(context);
      if (navigator.locks) context.save = () => navigator.locks.request(this.shelf, () => save());
      // JupyterLab comes here when the file is newer than what it read, to ask whether to overwrite or to revert.
      context._raiseConflict = async () => {
        const contents = this.app.serviceManager.contents;
        const disk = await contents.get(context.path, { content: true, type: "notebook" });
        this.merge(disk.content);
        this.sent = this.sources();
        const saved = await contents.save(
          context.path, { type: "notebook", format: "json", content: context.model.toJSON() });
        const { hash, hash_algorithm } = await contents.get(context.path, { content: false, hash: true });
        return { ...saved, hash, hash_algorithm };
      };
    }

    merge(content) {
      for (const cell of content.cells || []) {
        const name = ((cell.metadata || {}).nbgrader || {}).grade_id;
        const ours = name && answerCell(this.panel, name);
        if (!ours) continue;
        const there = Array.isArray(cell.source) ? cell.source.join("") : cell.source;
        const here = sourceOf(ours);
        const agreed = this.base.get(name);
        this.base.set(name, there);
        if (there === here || there === agreed) continue;
        if (here === agreed) {
          ours.sharedModel.setSource(there);
          ours.setMetadata(MARK, { answered: true });
          this.tell(name, there, "there");
        } else {
          this.tell(name, here, "here");
        }
      }
    }

    /** When this window comes back to the front, take what another one has saved meanwhile. */
    async refresh() {
      if (this.context.isDisposed || !this.context.isReady) return;
      const contents = this.app.serviceManager.contents;
      const known = this.context.contentsModel || {};
      const now = await contents.get(this.context.path, { content: false, hash: true });
      if (now.hash ? now.hash === known.hash : now.last_modified === known.last_modified) return;
      this.merge((await contents.get(this.context.path, { content: true, type: "notebook" })).content);
    }

    tell(name, source, won) {
      const detail = { panel: this.panel.node, name, source, won };
      document.dispatchEvent(new CustomEvent(`${MARK}:changed`, { detail }));
    }

    // The shelf: what is not on disk yet lies in the browser too, for the page may go before the save.
    shelved() {
      try {
        return JSON.parse(localStorage.getItem(this.shelf) || "{}");
      } catch {
        return {};
      }
    }

    setShelf(answers) {
      try {
        if (Object.keys(answers).length) localStorage.setItem(this.shelf, JSON.stringify(answers));
        else localStorage.removeItem(this.shelf);
      } catch {
        // no storage in this browser: the kernel's answers file is the other net
      }
    }

    putOnShelf(name, source, was) {
      const answers = this.shelved();
      answers[name] = { source, was: answers[name] ? answers[name].was : was };
      this.setShelf(answers);
    }

    takeOffShelf(name, source) {
      const answers = this.shelved();
      if (!answers[name] || answers[name].source !== source) return;
      delete answers[name];
      this.setShelf(answers);
    }

    takeFromShelf() {
      for (const [name, { source, was }] of Object.entries(this.shelved())) {
        const cell = answerCell(this.panel, name);
        if (!cell || sourceOf(cell) !== was) {
          this.takeOffShelf(name, source); // the notebook holds it, or something newer
          continue;
        }
        cell.sharedModel.setSource(source);
        this.waiting.push({ name, source });
        this.flush();
      }
    }
  }

  /** The server refuses to list a folder from which a file goes away meanwhile, as our answers file does: ask again. */
  function askTwice(contents) {
    const get = contents.get.bind(contents);
    contents.get = (path, options) =>
      get(path, options).catch((fault) => {
        if (!fault.response || fault.response.status !== 404) throw fault;
        return get(path, options);
      });
  }

  // ---- The plugin --------------------------------------------------------------------------------------------

  const plugin = {
    id: `${MARK}:notebook`,
    description: "Keeps answers in the notebook, opens it ready to play, shows no code.",
    autoStart: true,
    requires: [],
    activate(app) {
      const open = new Set();
      const style = document.createElement("style");
      style.textContent = STYLE;
      document.head.append(style);

      askTwice(app.serviceManager.contents);
      app.docRegistry.addWidgetExtension("Notebook", {
        createNew(panel, context) {
          let notebook = null;
          context.ready.then(() => {
            if (panel.isDisposed || !context.model.getMetadata(MARK)) return;
            notebook = new Open(app, panel, context);
            open.add(notebook);
            notebook.start();
          });
          panel.disposed.connect(() => open.delete(notebook));
          return { isDisposed: false, dispose() {} };
        },
      });

      const hear = (name, act) =>
        document.addEventListener(`${MARK}:${name}`, (event) => {
          const node = event.composedPath()[0];
          const notebook = [...open].find(({ panel }) => panel.node.contains(node));
          if (!notebook) return;
          event.preventDefault();
          act(notebook, event.detail);
        });
      hear("store", (notebook, detail) => notebook.store(detail));
      hear("ask", (notebook, detail) => notebook.ask(detail));
      hear("save", (notebook, detail) => notebook.saveNow(detail));
      hear("link", (notebook, detail) => notebook.link(detail));
      hear("wake", (notebook) => notebook.wake());

      const leave = () => open.forEach((notebook) => notebook.waiting.length && notebook.flush());
      window.addEventListener("pagehide", leave);
      document.addEventListener("visibilitychange", () => {
        if (document.visibilityState === "hidden") leave();
        else open.forEach((notebook) => notebook.refresh().catch(() => {}));
      });
      window.addEventListener("focus", () => open.forEach((notebook) => notebook.refresh().catch(() => {})));
    },
  };

  const STYLE = `
.heatproof-notebook .heatproof-away { display: none !important; }
.heatproof-notebook .heatproof-own > .jp-Cell-inputWrapper,
.heatproof-notebook .heatproof-own .jp-OutputPrompt,
.heatproof-notebook .heatproof-own .jp-OutputArea-promptOverlay,
.heatproof-notebook .heatproof-own .jp-Collapser,
.heatproof-notebook .heatproof-own .jp-cell-toolbar,
.heatproof-notebook .jp-MarkdownCell .jp-InputPrompt,
.heatproof-notebook .jp-MarkdownCell .jp-Collapser,
.heatproof-notebook .jp-MarkdownCell .jp-cell-toolbar { display: none !important; }
.heatproof-notebook { --jp-content-font-size1: 16px; --jp-content-line-height: 1.6; }
.heatproof-notebook .jp-MarkdownCell,
.heatproof-notebook .heatproof-own { max-width: 58rem; margin-inline: auto; box-shadow: none !important; background: none; }
.heatproof-notebook .jp-MarkdownCell .jp-MarkdownOutput { padding-inline: 8px; border-color: transparent !important; }
.heatproof-notebook .jp-MarkdownCell .jp-MarkdownOutput > :is(p, ul, ol, blockquote) { max-width: 46rem; }
.heatproof-notebook .jp-MarkdownCell .jp-MarkdownOutput table { margin-inline: 0; max-width: 46rem; font-size: 15px; }
.heatproof-notebook .jp-MarkdownCell .jp-MarkdownOutput :is(th, td) { padding: .6em .9em; text-align: start; vertical-align: top; line-height: 1.45; }
.heatproof-notebook .jp-Notebook-footer { display: none; }
.heatproof-notebook .heatproof-own :is(.jp-OutputArea, .jp-OutputArea-child, .jp-OutputArea-output) { overflow: visible; }
.heatproof-notebook .heatproof-own .jp-OutputArea-output { padding-inline: 8px; }
.heatproof-notebook .heatproof-soon > .jp-Cell-outputWrapper::after {
  content: ""; display: block; height: 7rem; margin: 8px; border-radius: 12px;
  background: var(--jp-layout-color2); opacity: .6;
}
@media (prefers-reduced-motion: no-preference) {
  .heatproof-notebook .heatproof-soon > .jp-Cell-outputWrapper::after { animation: heatproof-soon 1.4s ease-in-out infinite alternate; }
  @keyframes heatproof-soon { to { opacity: .25; } }
}`;

  (window._JUPYTERLAB = window._JUPYTERLAB || {})[MARK] = {
    init() {},
    get: (module) =>
      Promise.resolve(() => (module === "./extension" ? { default: plugin, __esModule: true } : {})),
  };
})();
