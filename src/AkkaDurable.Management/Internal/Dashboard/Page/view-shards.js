// Shards: how many of each home region are on each node, which are away and since when.
import { h } from "./dom.js";
import { count, moment, nodeName, plural, span } from "./format.js";
import { homeOf, isAway } from "./model.js";
import { chip, hrefOfNode, more, nodeLink, panel, table, typeLink } from "./widgets.js";

export const title = () => "Shards";

export function draw(app, type) {
  const { model } = app;
  const types = [...model.shards.keys()].sort();
  const shown = type && model.shards.has(type) ? [type] : types;
  return [
    h("h1", {}, "Shards"),
    h("nav.choices", { "aria-label": "Server type" }, h("a", { href: "#/shards", "aria-current": type ? null : "true" }, "All types"), types.map(name => h("a", { key: name, href: `#/shards/${encodeURIComponent(name)}`, "aria-current": name === type ? "true" : null }, name))),
    type && !model.shards.has(type) ? h("p.empty", {}, "Nothing is known of shards of this type.") : null,
    awayPanel(model, type),
    shown.map(name => typePanel(model, model.shards.get(name), name === type)),
  ];
}

function awayPanel(model, type) {
  const rows = model.away.filter(row => !type || row.type === type);
  return panel("Away from home", { id: "away", note: "Shards that run in another region than their own.", age: model.age("shards") }, table("Shards away from home", [
    { name: "Shard", lead: true, of: row => h("span.key", {}, row.shard) },
    { name: "Type", of: row => typeLink(row.type) },
    { name: "Home", of: row => row.home },
    { name: "Runs in", of: row => h("span.chip.warn", {}, row.region) },
    { name: "On", of: row => nodeLink(row.node) },
    { name: "Servers", number: true, of: row => count(row.servers) },
    { name: "Away for", of: row => row.since ? `${span(model.since(row.since))}, since ${moment(row.since)}` : "not known" },
  ], rows, row => `${row.type}/${row.shard}`, "Every shard runs in its home region."));
}

function typePanel(model, shards, isAlone) {
  const homes = [...new Set(shards.matrix.map(([home]) => home))];
  const cell = (home, node) => shards.matrix.find(entry => entry[0] === home && entry[1] === node);
  return panel(shards.type, { id: `shards-${shards.type}`, note: `${plural(shards.all, "shard")}, ${shards.away ? `${count(shards.away)} away from home` : "all at home"}`, lacks: shards.missing, age: model.age(`shards/${shards.type}`) },
    shards.matrix.length === 0 ? h("p.empty", {}, "No shard has a place: nobody has asked for one of its servers yet.") : h("div.table.matrix", { tabindex: "0", role: "region", "aria-label": `Shards of ${shards.type} by home region and node` }, h("table", {},
      h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "Home region"), shards.nodes.map(node => h("th.number", { scope: "col", key: node.node },
        h("a", { href: hrefOfNode(node.node) }, nodeName(node.node)), h("span.muted.sub", {}, `${node.region}${node.coordinator ? ", coordinator" : ""}${node.answers ? "" : ", no answer"}`))))),
      h("tbody", {}, homes.map(home => h("tr", { key: home ?? "" }, h("th", { scope: "row" }, home ?? "none"), shards.nodes.map((node, i) => {
        const found = cell(home, i);
        const away = found && home !== null && home !== node.region;
        return h(`td.number${away ? ".away" : ""}`, { key: node.node }, found ? [h("strong", {}, count(found[2])), h("span.muted.sub", {}, `${plural(found[3], "server")}${away ? ", away" : ""}`)] : node.answers ? h("span.muted", {}, "–") : h("span.muted", {}, "?"));
      })))))),
    isAlone ? list(shards) : null);
}

function list(shards) {
  return [table(`Shards of ${shards.type}`, [
    { name: "Shard", lead: true, of: row => h("span.key", {}, row[0]) },
    { name: "Home", of: row => homeOf(row[0]) ?? "–" },
    { name: "Runs in", of: row => isAway(row[0], shards.nodes[row[1]].region) ? chip("cordoned", shards.nodes[row[1]].region) : shards.nodes[row[1]].region },
    { name: "Node", of: row => nodeLink(shards.nodes[row[1]].node) },
    { name: "Servers", number: true, of: row => count(row[2]) },
  ], shards.shards, row => row[0], "No shard has a place."), more(shards.shards.length, shards.all, "shards")];
}
