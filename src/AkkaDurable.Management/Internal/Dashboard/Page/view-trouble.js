// What an operator may have to do something about: shards without a place, crashes, cordons, conflicts.
import { h } from "./dom.js";
import { count, moment, plural, span, words } from "./format.js";
import { chip, more, nodeLink, panel, serverLink, table, typeLink } from "./widgets.js";

export const title = () => "Trouble";

export function draw({ model }) {
  const lacks = [...model.stored.values()].flatMap(stored => stored.missing.map(one => ({ text: `${stored.type}: ${one.text}` })));
  const listed = status => model.listed.filter(server => status.includes(server.status));
  const all = (...statuses) => model.typeNames.reduce((sum, type) => sum + (model.storedOf(type, ...statuses) ?? 0), 0);
  const crashed = listed(["PermanentlyCrashed", "Crashed"]).sort((a, b) => (b.status === "PermanentlyCrashed") - (a.status === "PermanentlyCrashed") || Date.parse(b.at ?? 0) - Date.parse(a.at ?? 0));
  return [
    h("h1", {}, "Trouble"),
    panel("Held shards", { id: "holds", note: "Somebody asks for them, and no node may take them now.", age: model.age("holds") }, holdsTable(model), more(model.holds?.holds.length ?? 0, model.holds?.all ?? 0, "held shards")),
    panel("Crashed servers", { id: "crashed", note: crashNote(model), lacks, age: model.age("stored"), period: 10 }, serversTable("Crashed servers", crashed, "No server has crashed."), more(crashed.length, all("Crashed", "PermanentlyCrashed"), "crashed servers")),
    panel("Cordoned servers", { id: "cordoned", note: "They refuse to run until somebody uncordons them.", lacks, age: model.age("stored"), period: 10 }, serversTable("Cordoned servers", listed(["Cordoned"]), "No server is cordoned."), more(listed(["Cordoned"]).length, all("Cordoned"), "cordoned servers")),
    panel("Saves in conflict", { id: "conflicts", note: "Saves of the last seconds that another owner's claim had made void.", lacks: model.calls?.missing, age: model.age("calls") }, conflictsTable(model)),
  ];
}

function crashNote(model) {
  const recent = (model.calls?.types ?? []).reduce((sum, type) => sum + type.crashes, 0);
  return recent ? `${plural(recent, "crash", "crashes")} in the last seconds` : null;
}

function holdsTable(model) {
  return table("Held shards", [
    { name: "Shard", lead: true, of: row => h("span.key", {}, row.shard) },
    { name: "Type", of: row => typeLink(row.type) },
    { name: "Remaining", of: row => h("span.chip.bad", {}, row.until ? remaining(model, row.until) : row.pinned ? "pinned" : "not known") },
    { name: "Held for", of: row => span(model.since(row.since)) },
    { name: "Why", of: row => row.text },
  ], model.holds?.holds ?? [], row => `${row.type}/${row.shard}`, "Every shard that somebody asks for has its place.");
}

function remaining(model, until) {
  const left = -model.since(until);
  return left > 0 ? `${span(left)} left` : "any moment now";
}

function serversTable(label, rows, empty) {
  return table(label, [
    { name: "Key", lead: true, of: row => serverLink(row.type, row.key) },
    { name: "Type", of: row => typeLink(row.type) },
    { name: "Status", of: row => chip(row.status, words(row.status)) },
    { name: "Crashes", number: true, of: row => count(row.crashes) },
    { name: "Last crash", of: row => moment(row.at) },
    { name: "Node", of: row => nodeLink(row.node) },
  ], rows, row => `${row.type}/${row.key}`, empty);
}

function conflictsTable(model) {
  const rows = (model.calls?.nodes ?? []).flatMap(node => node.types.filter(type => type.conflicts > 0).map(type => ({ node: node.node, ...type })));
  return table("Saves in conflict", [
    { name: "Type", lead: true, of: row => typeLink(row.type) },
    { name: "Node", of: row => nodeLink(row.node) },
    { name: "Conflicts", number: true, of: row => count(row.conflicts) },
  ], rows, row => `${row.node}/${row.type}`, "None.");
}
