// What happens, as it happens; and servers of one type, followed.
import { h } from "./dom.js";
import { clock, count, nodeName, words } from "./format.js";
import { nodeLink, panel, serverLink } from "./widgets.js";
import { follow } from "./verbs.js";

const kinds = { node: "Nodes", shard: "Shards", hold: "Holds", server: "Servers", group: "Groups" };
const maxFollowed = 200;

export const title = () => "Feed";

export function draw(app) {
  const { model } = app;
  const local = app.local("feed", () => ({ hidden: new Set() }));
  const shown = model.events.filter(event => !local.hidden.has(event.kind)).reverse();
  return [
    h("h1", {}, "Feed"),
    panel("What happens", { id: "all", note: model.feed?.servers === false ? `Single servers are not among it, since more than ${count(model.feed.most)} run: follow some below.` : "Since somebody looks at this node's dashboard." },
      h("fieldset.checks", {}, h("legend.visually-hidden", {}, "Kinds of events"), Object.entries(kinds).map(([kind, name]) => h("label", { key: kind },
        h("input", { type: "checkbox", checked: !local.hidden.has(kind), onchange: event => { event.target.checked ? local.hidden.delete(kind) : local.hidden.add(kind); app.redraw(); } }), name))),
      eventList(model, shown)),
    follower(app),
  ];
}

export function eventList(model, events, empty = "Nothing has happened yet.") {
  return events.length === 0 ? h("p.empty", {}, empty) : h("ol.events", {}, events.map(event => h("li", { key: event.number }, h("time", { datetime: event.at }, clock(event.at)), h(`span.kind.${toneOf(event)}`, {}, event.kind), h("span.what", {}, sentence(event)))));
}

const toneOf = event => event.kind === "node" ? ["unreachable", "down", "gone"].includes(event.what) ? "bad" : event.what === "up" ? "good" : "busy" : event.kind === "hold" ? event.what === "held" ? "bad" : "good" : "idle";

const states = { up: "is up", joining: "joins", leaving: "leaves", unreachable: "is unreachable", down: "was put out", gone: "is gone", draining: "is draining", drained: "is drained", cordoned: "is cordoned" };

/** An event as a sentence, for the live region. */
export const spoken = event => event.kind === "node" ? `${nodeName(event.node)} ${states[event.what] ?? event.what}` : `${event.kind} ${event.what}`;

function sentence(event) {
  const at = event.node ? [" on ", nodeLink(event.node)] : [];
  switch (event.kind) {
    case "node":
      return [nodeLink(event.node), ` ${states[event.what] ?? event.what}`, event.region ? ` (${event.region})` : ""];
    case "shard":
      return event.text ? `${event.text} of ${event.type} moved` : [h("span.key", {}, event.shard), ` of ${event.type} `, event.from ? ["moved from ", nodeLink(event.from), " to ", nodeLink(event.node)] : ["got its place", at]];
    case "hold":
      return [h("span.key", {}, event.shard), ` of ${event.type} `, event.what === "held" ? `is held: ${event.text.split(" (")[0]}` : "has its place"];
    case "server":
      return [serverLink(event.type, event.key), ` (${event.type}) ${event.what}`, at, event.text ? `: ${words(event.text)}` : ""];
    case "group":
      return [event.key ? serverLink(event.type, event.key) : "somebody", ` ${event.what} `, h("span.key", {}, event.group), at];
    default:
      return `${event.text ?? ""} more events in a second`;
  }
}

function follower(app) {
  const local = app.local("follow", () => ({ rows: [], isOn: false, error: null, number: 0 }));
  app.onLeave(() => local.abort?.abort());
  return panel("Servers of one type", { id: "one", note: "As they start, stop, move and change their metadata, from now on." },
    h("form.filters", { onsubmit: event => { event.preventDefault(); begin(app, local, event.target.elements); } },
      h("label", {}, "Type", h("select", { name: "type" }, app.model.typeNames.map(type => h("option", { value: type, key: type }, type)))),
      h("label", {}, "Keys that begin with", h("input", { name: "prefix", type: "search", autocomplete: "off", spellcheck: "false" })),
      local.isOn ? h("button", { type: "button", key: "stop", onclick: () => local.abort.abort() }, "Stop") : h("button", { type: "submit", key: "follow" }, "Follow")),
    local.error ? h("p.partial", { role: "alert" }, local.error) : null,
    local.rows.length === 0 ? h("p.empty", {}, local.isOn ? "Nothing has happened yet." : "Choose a type and follow it.") : h("ol.events", {}, local.rows.map(row => h("li", { key: row.number },
      h("time", { datetime: row.at }, clock(row.at)), h("span.kind.idle", {}, row.what.toLowerCase()), h("span.what", {}, serverLink(row.type, row.key), " on ", nodeLink(row.node), row.reason ? `: ${words(row.reason)}` : "")))));
}

async function begin(app, local, fields) {
  local.abort?.abort();
  const abort = local.abort = new AbortController();
  Object.assign(local, { rows: [], isOn: true, error: null });
  app.redraw();
  try {
    const args = { type: fields.type.value, new: true };
    if (fields.prefix.value) {
      args.prefix = fields.prefix.value;
    }

    for await (const item of follow("servers/tail", args, abort.signal)) {
      if (item.type === "row") {
        local.rows = [{ ...item.fields, number: local.number++ }, ...local.rows].slice(0, maxFollowed);
      } else {
        local.error = item.text;
      }

      app.redraw();
    }
  } catch (error) {
    local.error = abort.signal.aborted ? null : error.message;
  } finally {
    if (local.abort === abort) {
      local.isOn = false;
      app.redraw();
    }
  }
}
