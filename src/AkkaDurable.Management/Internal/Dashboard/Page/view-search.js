// Keys, nodes and groups that begin with, or contain, what one looks for.
import { h } from "./dom.js";
import { panel, nodeLink } from "./widgets.js";
import { serversTable } from "./view-types.js";
import { run } from "./verbs.js";

const most = 20;

export const title = (app, text) => `Search: ${text}`;

export function draw(app, text) {
  const { model } = app;
  const local = app.local(`search/${text}`, () => ({ rows: null, errors: [] }));
  if (local.rows === null && !local.isReading && model.nodes) {
    read(app, local, text);
  }

  const nodes = model.rows.filter(row => row.node.includes(text) || row.region === text);
  const groups = (model.groups?.groups ?? []).filter(row => row.group.startsWith(text)).slice(0, most);
  return [
    h("h1", {}, h("span.muted", {}, "Search: "), h("span.key", {}, text)),
    local.errors.map(error => h("p.partial", { role: "alert" }, error)),
    panel("Servers", { note: `Keys that begin so, up to ${most} of each type.` }, local.rows === null ? h("p.empty", {}, "Reading…") : serversTable(null, local.rows, "No key begins so.")),
    nodes.length ? panel("Nodes", {}, h("ul.plain", {}, nodes.map(row => h("li", { key: row.node }, nodeLink(row.node), h("span.muted", {}, ` ${row.region}, ${row.state}`))))) : null,
    groups.length ? panel("Groups", {}, h("ul.plain", {}, groups.map(row => h("li", { key: row.group }, h("a.key", { href: `#/groups/${encodeURIComponent(row.group)}` }, row.group))))) : null,
  ];
}

async function read(app, local, text) {
  local.isReading = true;
  const errors = [];
  const found = await Promise.all(app.model.typeNames.map(async type => {
    try {
      const { rows } = await run("servers/list", { type, prefix: text, most });
      return rows.map(row => ({ ...row, type }));
    } catch (error) {
      errors.push(`${type}: ${error.message}`);
      return [];
    }
  }));
  // Who is called exactly so comes first.
  local.rows = found.flat().sort((a, b) => (b.key === text) - (a.key === text));
  local.errors = [...new Set(errors)];
  local.isReading = false;
  app.redraw();
}
