// The node's stream of server-sent events, read by fetch: an EventSource could send no token but in its address.
import { authorization } from "./access.js";

const silence = 7000;

/** Reads the stream for ever: connects again by itself when it ends. `on` gets (event, data), `contact` gets how it stands: {ok, text}. */
export class LiveStream {
  #on;
  #contact;
  #abort = null;
  #attempts = 0;
  #again = null;

  constructor(on, contact) {
    this.#on = on;
    this.#contact = contact;
  }

  /** Connects, or connects anew, for instance with another token. */
  restart() {
    this.#attempts = 0;
    this.#abort?.abort("anew");
    this.#open();
  }

  async #open() {
    clearTimeout(this.#again);
    const abort = this.#abort = new AbortController();
    let watchdog = setTimeout(() => abort.abort("silent"), silence);
    let problem = "the connection has ended";
    let isRefused = false;
    try {
      const response = await fetch("live", { headers: { ...authorization(), Accept: "text/event-stream" }, cache: "no-store", signal: abort.signal });
      if (!response.ok) {
        const refusal = await response.json().catch(() => ({}));
        isRefused = response.status === 401 || response.status === 403;
        throw new Error(refusal.detail ?? `the node answered ${response.status}`);
      }

      for await (const [event, data] of events(response.body)) {
        clearTimeout(watchdog);
        watchdog = setTimeout(() => abort.abort("silent"), silence);
        this.#attempts = 0;
        if (event === "end") {
          problem = data.reason;
        } else {
          this.#on(event, data);
        }
      }
    } catch (error) {
      problem = abort.signal.reason === "silent" ? `nothing was heard for ${silence / 1000} s` : error instanceof TypeError ? "the node cannot be reached" : error.message;
    } finally {
      clearTimeout(watchdog);
    }

    if (abort !== this.#abort) {
      return;
    }

    const wait = Math.min(500 * 2 ** this.#attempts++, isRefused ? 30000 : 5000);
    this.#contact({ ok: false, text: problem, refused: isRefused });
    this.#again = setTimeout(() => this.#open(), wait);
  }
}

/** The events of a body, one by one: [name, data]. */
export async function* events(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  while (true) {
    const { done, value } = await reader.read();
    if (done) {
      return;
    }

    text += value;
    let end;
    while ((end = text.indexOf("\n\n")) >= 0) {
      const lines = text.slice(0, end).split("\n");
      text = text.slice(end + 2);
      const name = lines.find(line => line.startsWith("event: "))?.slice(7);
      const data = lines.find(line => line.startsWith("data: "))?.slice(6);
      if (name && data) {
        yield [name, JSON.parse(data)];
      }
    }
  }
}
