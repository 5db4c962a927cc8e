// The token: in memory, or for this tab if one wants it so; never in an address.
const slot = "akka-durable-token";
let token = read();

function read() {
  try {
    return sessionStorage.getItem(slot);
  } catch {
    return null;
  }
}

export const hasToken = () => token !== null;

export const authorization = () => token === null ? {} : { Authorization: `Bearer ${token}` };

export function setToken(value, keep) {
  token = value || null;
  try {
    if (token !== null && keep) {
      sessionStorage.setItem(slot, token);
    } else {
      sessionStorage.removeItem(slot);
    }
  } catch {
    // A browser that keeps nothing: it is in memory.
  }
}

/** Asks whether a token is the right one. @returns null, or why not. */
export async function tryToken(value) {
  // A header takes no more than this; the node would not be asked at all.
  if (!/^[\x21-\x7e]+$/.test(value)) {
    return "A token has no spaces and no letters but those of ASCII.";
  }

  try {
    const response = await fetch("commands", { headers: { Authorization: `Bearer ${value}` }, cache: "no-store" });
    return response.ok ? null : ((await response.json().catch(() => ({}))).detail ?? `the node answered ${response.status}`);
  } catch {
    return "the node cannot be reached";
  }
}
