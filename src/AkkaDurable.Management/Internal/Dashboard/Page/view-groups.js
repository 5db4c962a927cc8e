// Groups, the largest first; the members of one.
import { h } from "./dom.js";
import { count, plural } from "./format.js";
import { more, nodeLink, panel, serverLink, table } from "./widgets.js";
import { run } from "./verbs.js";

const maxMembers = 200;

export const title = (app, group) => group ?? "Groups";

export function draw(app, group) {
  return group ? one(app, group) : all(app.model);
}

function all(model) {
  const { groups } = model;
  return [
    h("h1", {}, "Groups"),
    panel("Groups", { id: "groups", note: groups ? `${plural(groups.all, "group")} with ${plural(groups.members, "member")}` : null, age: model.age("groups") },
      table("Groups", [
        { name: "Group", lead: true, of: row => h("a.key", { href: `#/groups/${encodeURIComponent(row.group)}` }, row.group) },
        { name: "Members", number: true, of: row => count(row.members) },
        { name: "On nodes", number: true, of: row => count(row.nodes) },
      ], groups?.groups ?? [], row => row.group, groups ? "No group has members." : "Waiting…"),
      groups ? more(groups.groups.length, groups.all, "groups") : null),
  ];
}

function one(app, group) {
  const local = app.local(`group/${group}`, () => ({ rows: null, error: null }));
  const read = async () => {
    try {
      local.rows = (await run("groups/members", { group })).rows;
      local.error = null;
    } catch (error) {
      local.error = error.message;
    }

    app.redraw();
  };
  app.every(3000, read);
  return [
    h("h1", {}, h("span.muted", {}, "Group "), group),
    panel("Members", { note: local.rows ? plural(local.rows.length, "member") : null },
      local.error ? h("p.partial", { role: "alert" }, local.error) : null,
      local.rows === null ? h("p.empty", {}, "Reading…") : table("Members", [
        { name: "Member", lead: true, of: row => row.key ? serverLink(row.type, row.key) : h("span.key", {}, row.actor ?? row.member) },
        { name: "Type", of: row => row.type ?? "actor" },
        { name: "Node", of: row => nodeLink(row.node) },
        { name: "Metadata", of: row => Object.entries(row.meta ?? {}).map(([name, value]) => `${name}=${value}`).join(", ") || "–" },
      ], local.rows.slice(0, maxMembers), row => row.member, "It has no members."),
      local.rows ? more(Math.min(local.rows.length, maxMembers), local.rows.length, "members") : null),
  ];
}
