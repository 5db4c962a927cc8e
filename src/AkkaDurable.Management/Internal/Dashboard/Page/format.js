// Numbers, times and names, as people read them.
const whole = new Intl.NumberFormat("en");

export const count = value => value === null || value === undefined ? "–" : whole.format(value);

/** Milliseconds as a duration of three figures. */
export function took(ms) {
  if (ms === null || ms === undefined) {
    return "–";
  }

  return ms < 1 ? `${figures(ms * 1000)} µs` : ms < 1000 ? `${figures(ms)} ms` : `${figures(ms / 1000)} s`;
}

export function rate(perSecond) {
  return perSecond === null || perSecond === undefined ? "–" : `${perSecond >= 100 ? count(Math.round(perSecond)) : figures(perSecond)}/s`;
}

function figures(value) {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value === 0 ? "0" : value.toFixed(2);
}

export function span(seconds) {
  const s = Math.max(0, Math.round(seconds));
  if (s < 60) {
    return `${s} s`;
  }

  if (s < 3600) {
    return `${Math.floor(s / 60)} min ${s % 60 ? `${s % 60} s` : ""}`.trim();
  }

  return s < 86400 ? `${Math.floor(s / 3600)} h ${Math.floor(s / 60) % 60} min` : `${Math.floor(s / 86400)} d ${Math.floor(s / 3600) % 24} h`;
}

const clockOf = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const dayOf = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", second: "2-digit" });

export const clock = at => clockOf.format(new Date(at));

/** The time; with the day, if that is another one. */
export const moment = at => !at ? "–" : (new Date(at).toDateString() === new Date().toDateString() ? clockOf : dayOf).format(new Date(at));

/** host:port of an address. */
export const nodeName = address => address ? address.slice(address.lastIndexOf("@") + 1) : "–";

/** RightOutOfWords as words. */
export const words = name => name ? name.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase() : "–";

export const plural = (number, one, many = `${one}s`) => `${count(number)} ${number === 1 ? one : many}`;
