// Commands, as POST commands/{palette}/{verb}.
import { authorization } from "./access.js";
import { events } from "./stream.js";

export class Refusal extends Error {
  constructor(status, problem) {
    super(problem.detail ?? `the node answered ${status}`);
    this.status = status;
    this.code = (problem.type ?? "").split(":").pop();
  }
}

async function post(verb, args, confirm, accept, signal) {
  let response;
  try {
    response = await fetch(`commands/${verb}`, {
      method: "POST",
      headers: { ...authorization(), "Content-Type": "application/json", Accept: accept },
      body: JSON.stringify(confirm ? { arguments: args, confirm: true } : { arguments: args }),
      cache: "no-store",
      signal,
    });
  } catch (error) {
    throw signal?.aborted ? error : new Refusal(0, { detail: "the node cannot be reached" });
  }

  if (!response.ok) {
    throw new Refusal(response.status, await response.json().catch(() => ({})));
  }

  return response;
}

/** Runs a command. @returns {rows, lines, missing} */
export async function run(verb, args = {}, { confirm = false, signal } = {}) {
  const answer = await (await post(verb, args, confirm, "application/json", signal)).json();
  return {
    rows: answer.output.filter(item => item.type === "row").map(item => item.fields),
    lines: answer.output.filter(item => item.type === "line").map(item => item.text),
    missing: answer.output.filter(item => item.type === "partial"),
  };
}

/** Follows a command. */
export async function* follow(verb, args, signal) {
  const response = await post(verb, args, false, "text/event-stream", signal);
  for await (const [event, data] of events(response.body)) {
    if (event === "error") {
      throw new Refusal(0, data);
    }

    if (event === "row" || event === "partial") {
      yield data;
    }
  }
}
