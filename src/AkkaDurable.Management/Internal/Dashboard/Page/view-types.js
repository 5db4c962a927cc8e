// Server types; one type with its nodes and its servers.
import { h } from "./dom.js";
import { count, moment, rate, took, words } from "./format.js";
import { chip, facts, more, nodeLink, panel, serverLink, table, typeLink } from "./widgets.js";
import { run } from "./verbs.js";

const statuses = ["Running", "StoppedGraceful", "StoppedPermanent", "Crashed", "PermanentlyCrashed", "Cordoned", "Deleting"];
const pageSize = 50;

export const title = (app, type) => type ?? "Server types";

export function draw(app, type) {
  return type ? one(app, type) : [h("h1", {}, "Server types"),
    panel("Calls and servers", { note: "Times of calls are those that callers on the nodes saw in the last seconds.", lacks: app.model.calls?.missing, age: app.model.age("calls") }, typesTable(app.model))];
}

export function typesTable(model) {
  const rows = model.typeNames.map(type => ({ type, calls: model.callsOf(type), shards: model.shards.get(type) }));
  return table("Server types", [
    { name: "Type", lead: true, of: row => typeLink(row.type) },
    { name: "Running", number: true, of: row => count(model.running(row.type)) },
    { name: "Stored", number: true, of: row => count(model.storedOf(row.type)) },
    { name: "Shards", number: true, of: row => row.shards ? h("a", { href: `#/shards/${encodeURIComponent(row.type)}` }, count(row.shards.all)) : "–" },
    { name: "Calls", number: true, of: row => rate(row.calls?.perSecond ?? (model.calls ? 0 : null)) },
    { name: "p50", number: true, of: row => took(row.calls?.p50) },
    { name: "p99", number: true, of: row => took(row.calls?.p99) },
    { name: "Failed", number: true, title: "Calls that failed in the last seconds", of: row => marked(row.calls?.failed) },
    { name: "Crashed", number: true, title: "Servers that crashed last, or for good", of: row => marked(model.storedOf(row.type, "Crashed", "PermanentlyCrashed")) },
  ], rows, row => row.type, "This node knows no server types.", true);
}

const marked = value => value ? h("strong.warn-text", {}, count(value)) : value === 0 ? "0" : "–";

function one(app, type) {
  const { model } = app;
  const known = model.nodes?.types.find(item => item.type === type);
  if (model.nodes && !known) {
    return [h("h1", {}, type), h("p.empty", {}, "This node knows no such server type.")];
  }

  const local = app.local(`type/${type}`, () => ({ status: "", prefix: "", rows: null, next: null, error: null }));
  if (local.rows === null && !local.isLoading) {
    load(app, type, local, null);
  }

  const stored = model.stored.get(type);
  return [
    h("h1", {}, h("span.muted", {}, "Server type "), type),
    panel("How it does", { lacks: stored?.missing },
      facts([
        ["Running", count(model.running(type))], ["Stored", count(model.storedOf(type))], ["Shards in each region", count(known?.shardCount)], ["Role of its nodes", known?.role ?? "any"],
        ...statuses.filter(status => status !== "Running" && model.storedOf(type, status)).map(status => [words(status), count(model.storedOf(type, status))]),
      ])),
    panel("By node", { lacks: model.calls?.missing, age: model.age("calls"), note: "Calls as callers on that node saw them." }, nodesTable(model, type)),
    panel("Servers", { note: "As the store tells of them, in the order of their keys." }, browse(app, type, local)),
  ];
}

function nodesTable(model, type) {
  const rows = model.rows.filter(row => row.state !== "gone").map(row => ({ ...row, calls: model.callsOf(type, row.node) }));
  return table(`${type} by node`, [
    { name: "Node", lead: true, of: row => nodeLink(row.node) },
    { name: "Region", of: row => row.region },
    { name: "Running", number: true, of: row => count(row.report?.types[type] ?? (row.report ? 0 : null)) },
    { name: "Calls", number: true, of: row => rate(row.calls?.perSecond ?? null) },
    { name: "p50", number: true, of: row => took(row.calls?.p50) },
    { name: "p99", number: true, of: row => took(row.calls?.p99) },
    { name: "Failed", number: true, of: row => marked(row.calls?.failed) },
    { name: "Starts", number: true, of: row => count(row.calls?.starts ?? null) },
    { name: "Stops", number: true, of: row => count(row.calls?.stops ?? null) },
    { name: "Crashes", number: true, of: row => marked(row.calls?.crashes) },
    { name: "Conflicts", number: true, of: row => marked(row.calls?.conflicts) },
  ], rows, row => row.node, "No node has answered yet.", true);
}

async function load(app, type, local, after) {
  local.isLoading = true;
  local.error = null;
  try {
    const args = { type, most: pageSize };
    if (local.status) {
      args.status = local.status;
    }

    if (local.prefix) {
      args.prefix = local.prefix;
    }

    if (after) {
      args.after = after;
    }

    const { rows } = await run("servers/list", args);
    local.rows = after ? [...local.rows, ...rows] : rows;
    local.next = rows.length === pageSize ? rows[rows.length - 1].key : null;
  } catch (error) {
    local.rows ??= [];
    local.error = error.message;
  } finally {
    local.isLoading = false;
    app.redraw();
  }
}

function browse(app, type, local) {
  const again = () => {
    local.rows = [];
    load(app, type, local, null);
  };
  return [
    h("form.filters", { onsubmit: event => { event.preventDefault(); local.prefix = event.target.elements.prefix.value; again(); } },
      h("label", {}, "Keys that begin with", h("input", { name: "prefix", type: "search", autocomplete: "off", spellcheck: "false" })),
      h("label", {}, "Status", h("select", { name: "status", onchange: event => { local.status = event.target.value; again(); } }, h("option", { value: "" }, "any"), statuses.map(status => h("option", { value: status, key: status }, words(status))))),
      h("button", { type: "submit" }, "Show")),
    local.error ? h("p.partial", { role: "alert" }, local.error) : null,
    local.rows === null || (local.isLoading && local.rows.length === 0) ? h("p.empty", {}, "Reading…") : serversTable(type, local.rows, "No server fits."),
    local.next ? h("button", { type: "button", disabled: local.isLoading, onclick: () => load(app, type, local, local.next) }, "Show more") : null,
    local.rows?.length >= pageSize ? more(local.rows.length, app.model.storedOf(type) ?? 0, "stored servers") : null,
  ];
}

export function serversTable(type, rows, empty) {
  return table("Servers", [
    { name: "Key", lead: true, of: row => serverLink(row.type ?? type, row.key) },
    ...(type ? [] : [{ name: "Type", of: row => typeLink(row.type) }]),
    { name: "Status", of: row => chip(row.status, words(row.status)) },
    { name: "Node", of: row => nodeLink(row.node) },
    { name: "Region", of: row => row.region || "–" },
    { name: "Revision", number: true, of: row => count(row.revision) },
    { name: "Crashes", number: true, of: row => count(row.crashes) },
    { name: "Updated", of: row => moment(row.updated) },
  ], rows, row => `${row.type ?? type}/${row.key}`, empty);
}
