// One node: its load, types, shards, trees; drain and cordon.
import { h } from "./dom.js";
import { count, nodeName, plural, rate, span, took } from "./format.js";
import { action, chip, facts, panel, table, typeLink } from "./widgets.js";
import { nodeBars } from "./view-overview.js";
import { treePanel } from "./view-trees.js";

export const title = (app, node) => nodeName(node);

export function draw(app, node) {
  const { model } = app;
  const row = model.node(node);
  if (!row) {
    return [h("h1", {}, nodeName(node)), h("p.empty", {}, model.nodes ? "The cluster has no such member." : "Waiting for the node's first figures…")];
  }

  const tree = model.trees?.nodes.find(one => one.node === node);
  return [
    h("div.title", {}, h("h1", {}, h("span.muted", {}, "Node "), row.name), chip(row.state), row.state === "draining" && row.shardsLeft !== undefined ? h("span.muted", {}, `${plural(row.shardsLeft, "shard")} left`) : null),
    actions(app, row),
    h("div.columns", {},
      panel("Where and what", {}, facts([
        ["Address", h("span.key", {}, row.node)], ["Region", row.region], ["Zone", row.zone], ["Machine", row.machine], ["App version", row.version],
        ["State", `${row.state}${row.since ? ` for ${span(model.since(row.since))}` : ""}`],
        ["Part", [row.leader ? "cluster leader" : "member", row.self ? "this page comes from it" : null].filter(Boolean).join(", ")],
      ])),
      panel("Load", { age: model.age("nodes"), period: 1 }, row.report ? nodeBars(row.report) : h("p.empty", {}, "It has not reported lately."))),
    panel("Server types", { lacks: (model.calls?.missing ?? []).filter(one => one.node === node), age: model.age("calls"), note: "Calls as callers on this node saw them." }, typesTable(model, row)),
    tree ? treePanel(model, tree, true) : null,
  ];
}

function actions(app, row) {
  const gone = row.state === "gone" || row.state === "down";
  const mark = (verb, said) => () => app.perform(`placement/${verb}`, { node: row.node, ...(verb === "drain" ? { "no-wait": true } : {}) }, said);
  const ask = (title, text, name, run) => () => app.confirm({ title, text, name }).then(isMeant => isMeant && run());
  return h("div.actions", { role: "group", "aria-label": "What can be done with this node" },
    row.draining
      ? action(app, "End drain", mark("undrain", `${row.name} takes shards again`), { disabled: gone })
      : action(app, "Drain", ask(`Drain ${row.name}?`, "It gives all its shards away, with their servers, and takes none. It stays a member. This can be ended at any time.", "Drain", mark("drain", `${row.name} is draining`)), { disabled: gone }),
    row.cordoned
      ? action(app, "End cordon", mark("uncordon-node", `${row.name} takes further shards again`), { disabled: gone })
      : action(app, "Cordon", ask(`Cordon ${row.name}?`, "It takes no further shards and keeps what it has. This can be ended at any time.", "Cordon", mark("cordon-node", `${row.name} takes no further shards`)), { disabled: gone }));
}

function typesTable(model, row) {
  const rows = model.typeNames.map(type => {
    const shards = model.shards.get(type);
    const at = shards?.nodes.findIndex(node => node.node === row.node) ?? -1;
    const mine = at < 0 || !shards.nodes[at].answers ? null : shards.matrix.filter(entry => entry[1] === at);
    return {
      type, running: row.report?.types[type] ?? (row.report ? 0 : null), calls: model.callsOf(type, row.node), shards: mine?.reduce((sum, entry) => sum + entry[2], 0) ?? null,
      away: mine?.filter(([home]) => home !== null && home !== row.region).reduce((sum, entry) => sum + entry[2], 0) ?? null,
    };
  });
  return table("Server types on this node", [
    { name: "Type", lead: true, of: one => typeLink(one.type) },
    { name: "Running", number: true, of: one => count(one.running) },
    { name: "Shards", number: true, of: one => count(one.shards) },
    { name: "From elsewhere", number: true, title: "Shards whose home is another region", of: one => one.away ? h("strong.warn-text", {}, count(one.away)) : count(one.away) },
    { name: "Calls", number: true, of: one => rate(one.calls?.perSecond ?? null) },
    { name: "p50", number: true, of: one => took(one.calls?.p50) },
    { name: "p99", number: true, of: one => took(one.calls?.p99) },
    { name: "Starts", number: true, of: one => count(one.calls?.starts ?? null) },
    { name: "Stops", number: true, of: one => count(one.calls?.stops ?? null) },
  ], rows, one => one.type, "This node knows no server types.", true);
}
