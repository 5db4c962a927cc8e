// The cluster at a glance: what needs attention, the map by region, types, the newest events.
import { h } from "./dom.js";
import { count, plural, rate, span, took } from "./format.js";
import { bar, chip, hrefOfNode, panel, tile } from "./widgets.js";
import { typesTable } from "./view-types.js";
import { eventList } from "./view-feed.js";

export const title = () => "Overview";

export function draw({ model }) {
  if (!model.nodes) {
    return [h("h1.visually-hidden", {}, "Overview"), h("p.empty", {}, "Waiting for the node's first figures…")];
  }

  return [h("h1.visually-hidden", {}, "Overview"), summary(model), attention(model), map(model), h("div.columns.uneven", {},
    panel("Server types", { id: "types", lacks: model.calls?.missing, age: model.age("calls"), actions: h("a.to", { href: "#/types" }, "All types") }, typesTable(model)),
    panel("Nodes and shards", { id: "events", actions: h("a.to", { href: "#/feed" }, "Feed") }, eventList(model, model.events.filter(event => !event.minor).slice(-12).reverse(), "Nothing has happened to nodes and shards since somebody looks.")))];
}

function summary(model) {
  const live = model.rows.filter(row => row.state !== "gone");
  const gone = model.rows.length - live.length;
  const up = live.filter(row => ["up", "cordoned", "draining", "drained"].includes(row.state)).length;
  const calls = model.calls?.types ?? [];
  const worst = calls.reduce((most, type) => Math.max(most, type.p99 ?? 0), 0);
  const stored = model.typeNames.reduce((sum, type) => sum + (model.storedOf(type) ?? 0), 0);
  return h("dl.tiles", { key: "summary" },
    tile("Nodes up", `${up} of ${live.length}`, [plural(new Set(live.map(row => row.region)).size, "region"), gone ? `${gone} gone` : null].filter(Boolean).join(", "), up < live.length || gone ? "warn" : ""),
    tile("Servers running", count(model.allRunning), model.stored.size ? `${count(stored)} stored` : null),
    tile("Calls", rate(calls.reduce((sum, type) => sum + type.perSecond, 0)), `last ${model.calls?.window ?? 10} s`),
    tile("Slowest p99", worst ? took(worst) : "–", calls.find(type => type.p99 === worst && worst)?.type),
    tile("Away from home", count(model.awayCount), model.awayCount === 1 ? "shard" : "shards", model.awayCount ? "warn" : ""),
    tile("Held", count(model.holds?.all ?? 0), (model.holds?.all ?? 0) === 1 ? "shard without a place" : "shards without a place", model.holds?.all ? "bad" : ""));
}

function attention(model) {
  const troubles = model.troubles;
  return panel("Needs attention", { id: "attention" }, troubles.length === 0
    ? h("p.calm", {}, "Nothing: every node answers, every shard is at home, no server has crashed.")
    : h("ul.troubles", {}, troubles.map(trouble => h("li", { key: trouble.id }, h(`a.trouble.${trouble.level}`, { href: trouble.href }, h("span.big", {}, count(trouble.number)), h("span", {}, trouble.number === 1 ? trouble.one : trouble.text))))));
}

function map(model) {
  return h("section.map", { key: "map", "aria-label": "Cluster map" }, model.regions.map(({ region, nodes, away }) => h("section.region", { key: region, "aria-label": `Region ${region}` },
    h("div.region-head", {},
      h("h2", {}, region),
      h("span.muted", {}, `${plural(nodes.filter(row => row.state !== "gone").length, "node")}, ${plural(nodes.reduce((sum, row) => sum + (row.report?.servers ?? 0), 0), "server")}`),
      away ? h("a.chip.warn", { href: "#/shards" }, `${plural(away, "shard")} away from here`) : null),
    nodes.length === 0
      ? h("p.empty", {}, "No node of this region is a member. Its shards run elsewhere, or wait.")
      : h("ul.nodes", {}, nodes.map(row => h("li", { key: row.node }, nodeCard(model, row)))))));
}

function nodeCard(model, row) {
  const calls = (model.calls?.nodes.find(one => one.node === row.node)?.types ?? []).reduce((sum, type) => sum + type.perSecond, 0);
  return h(`article.node.${row.state}`, { "data-node": row.name, "data-state": row.state },
    h("div.node-head", {}, h("h3", {}, h("a", { href: hrefOfNode(row.node) }, row.name)), chip(row.state)),
    h("p.muted.node-note", {}, [row.zone, row.version && row.version !== "0.0.0" ? `version ${row.version}` : null, row.leader ? "leader" : null, row.self ? "this node" : null, stateNote(model, row)].filter(Boolean).join(" · ") || "\u00a0"),
    row.report ? nodeBars(row.report) : h("p.empty.small", {}, row.state === "gone" ? "Not a member any more." : "No report lately: its load is not known."),
    row.report ? h("p.muted.node-foot", {}, `${rate(calls)} calls`) : null);
}

function stateNote(model, row) {
  const since = row.since && row.state !== "up" ? `for ${span(model.since(row.since))}` : null;
  return row.state === "draining" && row.shardsLeft !== undefined ? `${plural(row.shardsLeft, "shard")} left` : row.state === "gone" && row.since ? `since ${span(model.since(row.since))}` : since;
}

export function nodeBars(report) {
  const percent = (label, value, limit) => value === undefined ? null : bar(label, value, 100, limit, limit ? `${value} of ${limit} %` : `${value} %`);
  return h("div.bars", {},
    bar("Servers", report.servers, report.maxServers ?? Math.max(report.servers, 1), report.maxServers, report.maxServers ? `${count(report.servers)} of ${count(report.maxServers)}` : count(report.servers)),
    percent("CPU", report.cpu, report.maxCpu),
    percent("Memory", report.memory, report.maxMemory),
    percent("Disk", report.disk, report.maxDisk));
}
