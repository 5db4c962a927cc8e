// Puts it together: the stream into the model, the address to a view, the view into the page.
import { draw, h } from "./dom.js";
import { LiveStream } from "./stream.js";
import { Model } from "./model.js";
import { run } from "./verbs.js";
import { access, confirm } from "./dialogs.js";
import { clock, span, words } from "./format.js";
import { lock } from "./widgets.js";
import * as overview from "./view-overview.js";
import * as types from "./view-types.js";
import * as shards from "./view-shards.js";
import * as trouble from "./view-trouble.js";
import * as groups from "./view-groups.js";
import * as trees from "./view-trees.js";
import * as feed from "./view-feed.js";
import * as node from "./view-node.js";
import * as server from "./view-server.js";
import * as search from "./view-search.js";

const views = { "": overview, types, shards, trouble, groups, trees, feed, node, server, search };
const tabs = [["", "Overview"], ["types", "Types"], ["shards", "Shards"], ["trouble", "Trouble"], ["groups", "Groups"], ["trees", "Trees"], ["feed", "Feed"]];
const parents = { node: "", server: "types", search: "" };
const plain = new Set(["Done", "Started", "Created", "Resumed", "Stopped", "StoppedPermanently", "Deleted", "Cordoned", "Uncordoned"]);
const themes = ["system", "light", "dark"];

class App {
  model = new Model();
  isBusy = false;
  #route = { name: "", args: [] };
  #locals = new Map();
  #timers = [];
  #leaves = new Set();
  #isDue = false;
  #notice = null;
  #theme = storedTheme();

  start() {
    applyTheme(this.#theme);
    this.stream = new LiveStream((event, data) => this.#take(event, data), contact => this.#lost(contact));
    this.stream.restart();
    addEventListener("hashchange", () => this.#go(true));
    document.addEventListener("keydown", event => {
      if (event.key === "/" && !event.ctrlKey && !event.metaKey && !/^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement?.tagName) && !document.querySelector("dialog[open]")) {
        event.preventDefault();
        document.querySelector("#search")?.focus();
      }
    });
    // Durations go on while nothing is told.
    setInterval(() => this.redraw(), 1000);
    this.#go(false);
  }

  /** What a view keeps for itself, as long as the page is open. */
  local(key, make) {
    if (!this.#locals.has(key)) {
      this.#locals.set(key, make());
    }

    return this.#locals.get(key);
  }

  /** Runs something at once and every so often, as long as the view is shown. Only the first call of a view counts. */
  every(ms, act) {
    if (this.#timers.length === 0) {
      this.#timers.push(setInterval(() => document.hidden || act(), ms));
      queueMicrotask(act);
    }
  }

  onLeave(act) {
    this.#leaves.clear();
    this.#leaves.add(act);
  }

  redraw() {
    if (!this.#isDue) {
      this.#isDue = true;
      requestAnimationFrame(() => {
        this.#isDue = false;
        this.#draw();
      });
    }
  }

  say(text) {
    document.getElementById("said").textContent = text;
  }

  /** Runs a command that changes something, and tells how it went. */
  async perform(verb, args, said, isConfirmed = false) {
    this.isBusy = true;
    this.redraw();
    try {
      const { rows } = await run(verb, args, { confirm: isConfirmed });
      this.#notify(`${said}${rows[0]?.outcome && !plain.has(rows[0].outcome) ? ` (${words(rows[0].outcome)})` : ""}.`, "good");
    } catch (error) {
      this.#notify(`${verb.replace("/", " ")} was refused: ${error.message}`, "bad");
    } finally {
      this.isBusy = false;
      this.redraw();
    }
  }

  confirm(options) {
    return confirm(options);
  }

  async askForToken(wanted) {
    if (await access({ viewer: this.model.viewer, wanted })) {
      this.stream.restart();
    }
  }

  #take(event, data) {
    const told = this.model.take(event, data);
    if (told) {
      this.say(feed.spoken(told));
    }

    this.redraw();
  }

  #lost(contact) {
    if (this.model.contact.ok) {
      this.say(`Lost contact: ${contact.text}`);
    }

    this.model.lost(contact);
    this.redraw();
  }

  #notify(text, tone) {
    clearTimeout(this.#notice?.timer);
    this.#notice = { text, tone, timer: tone === "good" ? setTimeout(() => { this.#notice = null; this.redraw(); }, 8000) : null };
    this.say(text);
    this.redraw();
  }

  #go(isByViewer) {
    const [name = "", ...args] = location.hash.replace(/^#\/?/, "").split("/").map(decode);
    this.#timers.forEach(clearInterval);
    this.#timers = [];
    this.#leaves.forEach(act => act());
    this.#leaves.clear();
    this.#notice = null;
    this.#route = name in views ? { name, args: args.filter(arg => arg !== "") } : { name: "", args: [] };
    this.#draw();
    if (isByViewer) {
      scrollTo(0, 0);
      document.getElementById("main").focus({ preventScroll: true });
    }
  }

  #draw() {
    const view = views[this.#route.name];
    const title = view.title(this, ...this.#route.args);
    document.title = `${title} – ${this.model.nodes?.system ?? "AkkaDurable"}`;
    draw(document.getElementById("top"), this.#top());
    this.#drawContact();
    draw(document.getElementById("main"), this.#noticeBar(), h("div.view", { key: location.hash || "#/" }, view.draw(this, ...this.#route.args)));
  }

  #top() {
    const { viewer, nodes, contact } = this.model;
    const current = parents[this.#route.name] ?? this.#route.name;
    const troubles = this.model.troubles.filter(one => one.level !== "note").length;
    return [
      h("div.top-line", {},
        h("a.brand", { href: "#/" }, h("span.brand-name", {}, "AkkaDurable"), nodes ? h("span.muted", {}, nodes.system) : null),
        h("form.search", { role: "search", onsubmit: event => { event.preventDefault(); const text = event.target.elements.q.value.trim(); if (text) { location.hash = `#/search/${encodeURIComponent(text)}`; } } },
          h("label.visually-hidden", { for: "search" }, "Search for a key"), h("input", { id: "search", name: "q", type: "search", placeholder: "Find a key  ( / )", autocomplete: "off", spellcheck: "false" })),
        h("div.top-tools", {},
          h(`span.live.${contact.ok ? "good" : "bad"}`, {}, contact.ok ? "Live" : this.model.heardAt ? "No contact" : "Connecting"),
          h("button.quiet", { type: "button", id: "access", onclick: () => this.askForToken(null) }, viewer?.permitted ? null : lock(), viewer?.permitted ? "Operator" : "Read-only"),
          h("button.quiet", { type: "button", id: "theme", onclick: () => this.#nextTheme(), title: "Colours: as the system has them, light, dark" }, h("span.visually-hidden", {}, "Colours: "), h("svg", { viewBox: "0 0 16 16", class: "icon", "aria-hidden": "true" }, h("path", { d: "M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1zm0 2v10A5 5 0 0 1 8 3z", fill: "currentColor" })), h("span.theme-name", {}, this.#theme === "system" ? "Auto" : this.#theme === "light" ? "Light" : "Dark")))),
      h("nav.tabs", { "aria-label": "Views" }, h("ul", {}, tabs.map(([name, text]) => h("li", { key: name }, h("a", { href: `#/${name}`, "aria-current": name === current ? "page" : null }, text,
        name === "trouble" && troubles ? h("span.badge", {}, String(troubles), h("span.visually-hidden", {}, troubles === 1 ? " kind of trouble" : " kinds of trouble")) : null))))),
    ];
  }

  #drawContact() {
    const bar = document.getElementById("contact");
    const { contact, heardAt } = this.model;
    bar.hidden = contact.ok || (heardAt === null && !contact.refused && contact.text === "connecting");
    draw(bar, bar.hidden ? null : [
      h("strong", {}, contact.refused ? "Not admitted: " : "Lost contact: "), `${contact.text}. `,
      heardAt === null ? "" : `What is shown is from ${clock(heardAt)}, ${span((Date.now() - heardAt) / 1000)} ago. `,
      contact.refused ? h("button", { type: "button", onclick: () => this.askForToken(null) }, "Enter the token") : "Connecting again…",
    ]);
    document.body.classList.toggle("stale-page", !contact.ok && heardAt !== null);
  }

  #noticeBar() {
    return this.#notice ? h(`div.notice.${this.#notice.tone}`, { key: "notice" }, h("span", {}, this.#notice.text), h("button.quiet", { type: "button", onclick: () => { this.#notice = null; this.redraw(); } }, "Close")) : null;
  }

  #nextTheme() {
    this.#theme = themes[(themes.indexOf(this.#theme) + 1) % themes.length];
    try {
      localStorage.setItem("akka-durable-theme", this.#theme);
    } catch {
      // A browser that keeps nothing.
    }

    applyTheme(this.#theme);
    this.redraw();
  }
}

function storedTheme() {
  try {
    const theme = localStorage.getItem("akka-durable-theme");
    return themes.includes(theme) ? theme : "system";
  } catch {
    return "system";
  }
}

function applyTheme(theme) {
  document.documentElement.dataset.theme = theme;
}

// A wrong address is that of nothing, not an error.
function decode(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

new App().start();
