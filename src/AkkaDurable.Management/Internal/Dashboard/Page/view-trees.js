// Supervision trees, node by node.
import { h } from "./dom.js";
import { plural, words } from "./format.js";
import { chip, nodeLink, panel } from "./widgets.js";

export const title = () => "Trees";

export function draw({ model }) {
  const nodes = model.trees?.nodes ?? [];
  return [
    h("h1", {}, "Supervision trees"),
    model.trees?.missing.length ? h("p.partial", {}, h("strong", {}, "Not the whole picture: "), model.trees.missing.map((one, i) => [i > 0 ? "; " : "", one.text])) : null,
    nodes.length === 0 ? h("p.empty", {}, model.trees ? "No node has told of trees." : "Waiting…") : null,
    h("div.columns", {}, nodes.map(node => treePanel(model, node))),
  ];
}

export function treePanel(model, { node, rows }, isTitled = false) {
  return h("section.panel", { key: node, "aria-label": `Trees of ${node}` },
    h("div.panel-head", {}, h("h2", {}, isTitled ? "Supervision trees" : nodeLink(node)), isTitled ? null : h("span.muted", {}, model.node(node)?.region ?? "")),
    rows.length === 0 ? h("p.empty", {}, "It runs no trees.") : nested(rows, 0, rows.length, 0));
}

// Rows with depths as lists within lists.
function nested(rows, from, to, depth) {
  const items = [];
  for (let i = from; i < to;) {
    let end = i + 1;
    while (end < to && rows[end].depth > depth) {
      end++;
    }

    items.push(h("li", { key: rows[i].path }, line(rows[i]), end > i + 1 ? nested(rows, i + 1, end, depth + 1) : null));
    i = end;
  }

  return h("ul.tree", {}, items);
}

function line(row) {
  const isSupervisor = row.type === "Supervisor";
  return h("div.tree-line", {}, h("span.key", {}, row.path.slice(row.path.lastIndexOf("/") + 1)), chip(row.status, words(row.status)),
    h("span.muted", {}, [isSupervisor ? `${words(row.strategy ?? "dynamic")}, ${row.active} of ${plural(row.children, "child", "children")}` : words(row.restart), row.restarts ? plural(row.restarts, "restart") : null].filter(Boolean).join(", ")));
}
