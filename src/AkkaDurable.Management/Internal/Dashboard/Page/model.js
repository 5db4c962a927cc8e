// What the stream has told, and what follows from it. Nothing here draws.
// As many as the node keeps: of those about nodes and shards, and of the others, which are many more.
const maxEvents = 100;
const minor = new Set(["server", "group", "more"]);

export class Model {
  viewer = null;
  nodes = null;
  shards = new Map();
  stored = new Map();
  holds = null;
  calls = null;
  trees = null;
  groups = null;
  feed = null;
  events = [];
  ages = {};
  contact = { ok: false, text: "connecting", since: null, refused: false };
  heardAt = null;
  #skew = 0;
  #number = 0;

  /** Takes an event of the stream. @returns what people are to be told of it, or null. */
  take(event, data) {
    this.heardAt = Date.now();
    switch (event) {
      case "viewer":
        this.viewer = data;
        this.#skew = Date.parse(data.at) - Date.now();
        // What a former watch told is told again.
        this.events = [];
        this.contact = { ok: true, text: "", since: null, refused: false };
        return null;
      case "beat":
        this.ages = data.ages;
        this.#skew = Date.parse(data.at) - Date.now();
        return null;
      case "shards":
        this.shards.set(data.type, data);
        return null;
      case "stored":
        this.stored.set(data.type, { ...this.stored.get(data.type), ...data });
        return null;
      case "event":
        this.events.push({ ...data, number: this.#number++, minor: minor.has(data.kind) });
        if (this.events.filter(event => event.minor === minor.has(data.kind)).length > maxEvents) {
          this.events.splice(this.events.findIndex(event => event.minor === minor.has(data.kind)), 1);
        }

        return data.kind === "node" && Date.parse(data.at) > this.now() - 5000 ? data : null;
      default:
        if (event in this) {
          this[event] = data;
        }

        return null;
    }
  }

  lost(contact) {
    const since = this.contact.since ?? this.heardAt;
    this.contact = { ...contact, since };
  }

  /** The node's clock, as well as it is known. */
  now() {
    return Date.now() + this.#skew;
  }

  /** Seconds since a time of the node's clock. */
  since(at) {
    return (this.now() - Date.parse(at)) / 1000;
  }

  /** How old a section's figures are, in seconds. */
  age(section) {
    const parts = Object.entries(this.ages).filter(([name]) => name === section || name.startsWith(`${section}/`)).map(([, age]) => age);
    const quiet = this.heardAt === null ? 0 : (Date.now() - this.heardAt) / 1000;
    return Math.max(0, ...parts) + quiet;
  }

  get rows() {
    return this.nodes?.nodes ?? [];
  }

  node(address) {
    return this.rows.find(row => row.node === address);
  }

  get typeNames() {
    return (this.nodes?.types ?? []).map(type => type.type);
  }

  /** How many servers of a type run, as the nodes reported. */
  running(type) {
    return this.rows.reduce((sum, row) => sum + (row.report?.types[type] ?? 0), 0);
  }

  get allRunning() {
    return this.rows.reduce((sum, row) => sum + (row.report?.servers ?? 0), 0);
  }

  storedOf(type, ...statuses) {
    const counts = this.stored.get(type)?.counts;
    return !counts ? null : statuses.length === 0 ? Object.values(counts).reduce((sum, value) => sum + value, 0) : statuses.reduce((sum, status) => sum + (counts[status] ?? 0), 0);
  }

  callsOf(type, node) {
    const of = node ? this.calls?.nodes.find(one => one.node === node) : this.calls;
    return of?.types.find(one => one.type === type) ?? null;
  }

  /** The regions, with nodes or without: a shard's home may have lost them all. */
  get regions() {
    const names = new Set(this.rows.map(row => row.region));
    for (const shards of this.shards.values()) {
      for (const [home] of shards.matrix) {
        if (home) {
          names.add(home);
        }
      }
    }

    return [...names].sort().map(region => ({ region, nodes: this.rows.filter(row => row.region === region), away: this.awayFrom(region) }));
  }

  /** How many shards whose home is a region run elsewhere. */
  awayFrom(region) {
    let away = 0;
    for (const shards of this.shards.values()) {
      for (const [home, node, number] of shards.matrix) {
        away += home === region && shards.nodes[node].region !== home ? number : 0;
      }
    }

    return away;
  }

  get away() {
    return [...this.shards.values()].flatMap(shards => shards.shards.filter(([name, node]) => isAway(name, shards.nodes[node].region)).map(([name, node, servers, since]) => ({
      type: shards.type, shard: name, home: homeOf(name), node: shards.nodes[node].node, region: shards.nodes[node].region, servers, since,
    })));
  }

  get awayCount() {
    return [...this.shards.values()].reduce((sum, shards) => sum + shards.away, 0);
  }

  get listed() {
    return [...this.stored.values()].flatMap(stored => (stored.listed ?? []).map(server => ({ ...server, type: stored.type })));
  }

  /** What an operator should look at, the worst first. */
  get troubles() {
    const sum = (...statuses) => this.typeNames.reduce((all, type) => all + (this.storedOf(type, ...statuses) ?? 0), 0);
    const conflicts = (this.calls?.types ?? []).reduce((all, type) => all + type.conflicts, 0);
    const crashes = (this.calls?.types ?? []).reduce((all, type) => all + type.crashes, 0);
    const unreachable = this.rows.filter(row => row.state === "unreachable" || row.state === "down").length;
    const gone = this.rows.filter(row => row.state === "gone").length;
    const storeProblems = [...this.stored.values()].filter(stored => stored.missing.length > 0);
    return [
      { id: "store", level: "bad", number: storeProblems.length, text: "types whose records the store did not tell", one: "type whose records the store did not tell", href: "#/trouble" },
      { id: "unreachable", level: "bad", number: unreachable, text: "nodes out of reach", one: "node out of reach", href: "#/" },
      { id: "gone", level: "warn", number: gone, text: "nodes gone in the last minutes", one: "node gone in the last minutes", href: "#/" },
      { id: "holds", level: "bad", number: this.holds?.all ?? 0, text: "shards without a place", one: "shard without a place", href: "#/trouble" },
      { id: "permanently", level: "bad", number: sum("PermanentlyCrashed"), text: "servers crashed for good", one: "server crashed for good", href: "#/trouble" },
      { id: "crashed", level: "warn", number: sum("Crashed"), text: "servers crashed last", one: "server crashed last", href: "#/trouble" },
      { id: "crashing", level: "warn", number: crashes, text: "crashes in the last seconds", one: "crash in the last seconds", href: "#/types" },
      { id: "conflicts", level: "warn", number: conflicts, text: "saves in conflict in the last seconds", one: "save in conflict in the last seconds", href: "#/types" },
      { id: "away", level: "warn", number: this.awayCount, text: "shards away from home", one: "shard away from home", href: "#/shards" },
      { id: "cordoned", level: "note", number: sum("Cordoned"), text: "servers cordoned", one: "server cordoned", href: "#/trouble" },
    ].filter(trouble => trouble.number > 0);
  }
}

export const homeOf = shard => shard.includes("~") ? shard.slice(0, shard.lastIndexOf("~")) : null;

export const isAway = (shard, region) => homeOf(shard) !== null && homeOf(shard) !== region;
