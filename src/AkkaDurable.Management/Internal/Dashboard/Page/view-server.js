// One server by its key: where it is and why, how it is, what it went through; and what the viewer may do with it.
import { h } from "./dom.js";
import { count, moment, words } from "./format.js";
import { action, chip, facts, nodeLink, panel, table, typeLink } from "./widgets.js";
import { run } from "./verbs.js";

export const title = (app, type, key) => key ?? "Server";

export function draw(app, type, key) {
  const local = app.local(`server/${type}/${key}`, () => ({ info: null, read: false, errors: {}, state: null }));
  app.every(3000, () => look(app, local, type, key));
  const { info } = local;
  return [
    h("div.title", {}, h("h1", {}, h("span.muted", {}, `${type} `), h("span.key", {}, key)), info ? chip(info.status, words(info.status)) : null, info && !info.running && info.status === "Running" ? h("span.chip.warn", {}, "does not answer") : null),
    actions(app, local, type, key),
    local.errors.info ? h("p.partial", { role: "alert" }, local.errors.info) : null,
    !local.read ? h("p.empty", {}, "Reading…") : null,
    h("div.columns", {},
      info ? panel("Server", { lacks: local.lacks }, facts([
        ["Runs on", info.running ? nodeLink(info.node) : "nowhere"], ["Ran last on", info.running ? undefined : nodeLink(info.node)], ["Region", info.region || "–"], ["Home region", info.home ?? "none"], ["Shard", h("span.key", {}, info.shard)],
        ["Type", typeLink(type)], ["Permanent", info.permanent ? "yes" : "no"], ["Epoch", count(info.epoch)], ["Revision", count(info.revision)], ["State version", count(info.stateVersion)],
        ["Crashes remembered", count(info.crashes)], ["Created", moment(info.created)], ["Updated", moment(info.updated)],
        ["Metadata", Object.entries(info.meta ?? {}).map(([name, value]) => `${name}=${value}`).join(", ") || "–"],
      ])) : null,
      panel("Placement", { note: "What the coordinator decides now, and why." }, placement(local))),
    panel("Places of its shard", { note: "The newest first." }, history(local)),
    panel("Crashes", {}, crashes(app, local, type, key)),
    panel("State", { note: "As it is stored." }, state(app, local, type, key)),
  ];
}

async function look(app, local, type, key) {
  const was = local.info;
  await ask(local, "info", async () => {
    const answer = await run("servers/info", { type, key });
    local.info = answer.rows[0] ?? null;
    local.lacks = answer.missing;
  });
  local.read = true;
  if (local.errors.info) {
    local.info = null;
  }

  app.redraw();
  const isMissing = local.info?.crashes && !local.crashes && app.model.viewer?.permitted;
  if (!was || was.node !== local.info?.node || was.status !== local.info?.status || was.crashes !== local.info?.crashes || isMissing) {
    await lookFurther(app, local, type, key);
  }
}

async function lookFurther(app, local, type, key) {
  await Promise.all([
    ask(local, "placement", async () => local.decision = (await run("placement/explain", { type, key })).rows[0]),
    ask(local, "history", async () => local.places = (await run("placement/history", { type, key })).rows),
    local.info?.crashes && app.model.viewer?.permitted ? ask(local, "crashes", async () => local.crashes = (await run("servers/crashes", { type, key })).rows) : null,
  ]);
  app.redraw();
}

// One that fails leaves what was known, and says so.
async function ask(local, name, read) {
  try {
    await read();
    local.errors[name] = null;
  } catch (error) {
    local.errors[name] = error.message;
  }
}

function placement({ decision, errors }) {
  if (errors.placement) {
    return h("p.partial", {}, errors.placement);
  }

  return decision ? [
    h("p.why", {}, chip(decision.outcome === "Place" ? "up" : "unreachable", words(decision.outcome)), h("span", {}, `${decision.text}.`)),
    facts([["Reason", words(decision.reason)], ["Node", decision.node ? nodeLink(decision.node) : "–"], ["Remaining hold", decision.remainingHold ?? undefined], ["Next level opens", decision.opensAt ? moment(decision.opensAt) : undefined]]),
  ] : h("p.empty", {}, "Asking…");
}

function history({ places, errors }) {
  return errors.history ? h("p.partial", {}, errors.history) : !places ? h("p.empty", {}, "Reading…") : table("Places of its shard", [
    { name: "Node", lead: true, of: row => nodeLink(row.node) },
    { name: "Region", of: row => row.region === row.home ? row.region : h("span.chip.warn", {}, `${row.region}, away from ${row.home}`) },
    { name: "From", of: row => moment(row.since) },
    { name: "Until", of: row => row.until ? moment(row.until) : "now" },
    { name: "Why", of: row => words(row.reason) },
  ], places, row => `${row.node}/${row.since}`, "Nothing is remembered.");
}

function crashes(app, local, type, key) {
  if (local.info?.crashes && !app.model.viewer?.permitted) {
    return [h("p.empty", {}, "Why it crashed may be confidential."), h("div.actions", {}, action(app, "Show crashes", () => lookFurther(app, local, type, key)))];
  }

  return local.errors.crashes ? h("p.partial", {}, local.errors.crashes) : table("Crashes", [
    { name: "When", lead: true, of: row => moment(row.at) },
    { name: "Why", of: row => h("span.key", {}, row.reason) },
    { name: "On", of: row => nodeLink(row.node) },
  ], (local.info?.crashes && local.crashes) || [], row => row.at, local.info?.crashes ? "Reading…" : "None are remembered.");
}

function state(app, local, type, key) {
  const show = () => ask(local, "state", async () => local.state = (await run("servers/state", { type, key })).rows[0]).then(() => app.redraw());
  return [
    local.errors.state ? h("p.partial", { role: "alert" }, local.errors.state) : null,
    local.state ? [h("pre.state", { tabindex: "0", role: "region", "aria-label": "State" }, local.state.state === null ? "nothing was saved yet" : JSON.stringify(local.state.state, null, 2)), h("p.muted", {}, `Revision ${count(local.state.revision)}, saved ${moment(local.state.updated)}.`)] : h("p.empty", {}, "A state may be confidential, so it is shown only on request."),
    h("div.actions", {}, action(app, local.state ? "Read again" : "Show state", show)),
  ];
}

function actions(app, local, type, key) {
  const status = local.info?.status;
  const perform = (verb, said, args = {}, confirm = false) => app.perform(`servers/${verb}`, { type, key, ...args }, said, confirm).then(() => look(app, local, type, key));
  const ask = (options, act) => app.confirm(options).then(answer => answer && act(answer));
  const targets = app.model.rows.filter(row => ["up", "joining"].includes(row.state)).map(row => ({ value: row.node, text: `${row.name} (${row.region})` }));
  return h("div.actions", { role: "group", "aria-label": "What can be done with this server" },
    action(app, "Start", () => perform("start", `${key} was started`), { disabled: status === "Cordoned" }),
    action(app, "Stop", () => ask({ title: "Stop this server?", text: `${key} saves and stops. It starts again with its next message.`, name: "Stop" }, () => perform("stop", `${key} was stopped`)), { disabled: !local.info }),
    action(app, "Stop permanently", () => ask({ title: "Stop this server permanently?", text: `${key} saves, stops, and refuses messages until it is started.`, name: "Stop permanently" }, () => perform("stop-permanently", `${key} is stopped for good`)), { disabled: !local.info }),
    status === "Cordoned"
      ? action(app, "Uncordon", () => perform("uncordon", `${key} may run again`))
      : action(app, "Cordon", () => ask({ title: "Cordon this server?", text: `${key} stops, and runs no more until it is uncordoned, whatever is sent to it.`, name: "Cordon" }, () => perform("cordon", `${key} is cordoned`)), { disabled: !local.info }),
    action(app, "Rehome", () => ask({ title: "Move its shard?", text: `${local.info?.shard ?? "The shard"} moves with all its servers, of which ${key} is one.`, name: "Move", choice: { label: "To", options: [{ value: "", text: "the best other node" }, ...targets] } }, answer => perform("rehome", `the shard of ${key} has moved`, answer.choice ? { to: answer.choice } : {})), { disabled: !local.info }),
    action(app, "Delete", () => ask({ title: "Delete this server?", text: `${key} stops, and its record with its state is deleted. This cannot be taken back.`, name: "Delete", danger: true, mustType: key }, () => perform("delete", `${key} was deleted`, {}, true)), { danger: true, disabled: !local.info }));
}

