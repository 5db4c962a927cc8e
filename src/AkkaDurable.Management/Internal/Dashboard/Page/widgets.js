// Parts that several views are made of.
import { h } from "./dom.js";
import { count, nodeName, span } from "./format.js";

export const hrefOfNode = node => `#/node/${encodeURIComponent(node)}`;
export const hrefOfServer = (type, key) => `#/server/${encodeURIComponent(type)}/${encodeURIComponent(key)}`;
export const hrefOfType = type => `#/types/${encodeURIComponent(type)}`;

export const nodeLink = node => node ? h("a", { href: hrefOfNode(node), title: node }, nodeName(node)) : "–";
export const serverLink = (type, key) => h("a.key", { href: hrefOfServer(type, key) }, key);
export const typeLink = type => h("a", { href: hrefOfType(type) }, type);

const tones = {
  up: "good", Running: "good", joining: "busy", draining: "busy", leaving: "busy", drained: "idle", cordoned: "warn", Cordoned: "warn", unreachable: "bad", down: "bad", gone: "bad",
  Crashed: "warn", PermanentlyCrashed: "bad", StoppedGraceful: "idle", StoppedPermanent: "idle", Deleting: "busy", Starting: "busy", Restarting: "warn", Stopped: "idle",
};

/** A state in a word; its colour and shape only underline it. */
export const chip = (state, text = state) => h(`span.chip.${tones[state] ?? "idle"}`, {}, text);

/** How much of something is used. @param limit above which nothing more is taken, in the same unit as value; null: none. @param full the end of the bar. */
export function bar(label, value, full, limit, text) {
  const part = value === null || value === undefined ? 0 : Math.min(100, 100 * value / (full || 1));
  const tone = value !== null && limit ? value >= limit ? ".bad" : value >= 0.85 * limit ? ".warn" : "" : "";
  return h("div.bar", { key: label },
    h("span.bar-label", {}, label),
    h("span.track", { "aria-hidden": "true" }, h(`span.fill${tone}`, { width: part }), limit && limit < full ? h("span.limit", {}, h("span.limit-space", { width: 100 * limit / full })) : null),
    h("span.bar-value", {}, text));
}

/** A section of a view. `lacks`: what did not answer; `age`: how old its figures are, in seconds; `period`: how often they come. */
export function panel(title, { id, note, lacks = [], age = 0, period = 3, actions, wide, level = 2 } = {}, ...children) {
  return h(`section.panel${wide ? ".wide" : ""}`, { key: id ?? title, "aria-label": title },
    h("div.panel-head", {}, h(`h${level}`, {}, title), note ? h("span.muted", {}, note) : null, age > 3 * period + 2 ? h("span.stale", {}, `${span(age)} old`) : null, actions ?? null),
    lacks.length > 0 ? h("p.partial", {}, h("strong", {}, "Not the whole picture: "), lacks.slice(0, 5).map((one, i) => [i > 0 ? "; " : "", one.text]), lacks.length > 5 ? ` and ${lacks.length - 5} more` : "") : null,
    children);
}

/**
 * A table, which becomes a list of cards where there is no room. @param columns {name, number, of(row), lead}; @param keyOf names a row; @param empty what to say when there are no rows;
 * @param isDense whether two columns fit side by side on a card.
 */
export function table(label, columns, rows, keyOf, empty, isDense = false) {
  if (rows.length === 0) {
    return h("p.empty", { key: "empty" }, empty);
  }

  return h(`div.table${isDense ? ".dense" : ""}`, { key: label }, h("table", { role: "table", "aria-label": label },
    h("thead", { role: "rowgroup" }, h("tr", { role: "row" }, columns.map(column => h(`th${column.number ? ".number" : ""}`, { role: "columnheader", scope: "col", key: column.name, title: column.title }, column.name)))),
    h("tbody", { role: "rowgroup" }, rows.map(row => h("tr", { role: "row", key: keyOf(row) }, columns.map(column =>
      h(`td${column.number ? ".number" : ""}${column.lead ? ".lead" : ""}`, { role: "cell", key: column.name, "data-label": column.name }, column.of(row))))))));
}

export const facts = pairs => h("dl.facts", {}, pairs.filter(([, value]) => value !== undefined).map(([name, value]) => h("div", { key: name }, h("dt", {}, name), h("dd", {}, value ?? "–"))));

export const tile = (label, value, note, tone = "") => h(`div.tile${tone ? `.${tone}` : ""}`, { key: label }, h("dt", {}, label), h("dd", {}, h("span.big", {}, value), note ? h("span.muted", {}, note) : null));

export const more = (shown, all, what) => all > shown ? h("p.muted.more", {}, `${count(shown)} of ${count(all)} ${what} are shown.`) : null;

const lockPath = "M5 7V5a3 3 0 0 1 6 0v2h1v7H4V7zm1.5 0h3V5a1.5 1.5 0 0 0-3 0z";
export const lock = () => h("svg", { viewBox: "0 0 16 16", class: "icon", "aria-hidden": "true" }, h("path", { d: lockPath, fill: "currentColor" }));

/** A button that changes something: with a lock on it as long as the viewer may not. */
export function action(app, name, run, { danger, disabled } = {}) {
  const isFree = app.model.viewer?.permitted;
  return h(`button${danger ? ".danger" : ""}`, { type: "button", key: name, disabled: disabled || app.isBusy, onclick: () => isFree ? run() : app.askForToken(name), title: isFree ? null : "Needs the token" }, isFree ? null : lock(), name);
}
