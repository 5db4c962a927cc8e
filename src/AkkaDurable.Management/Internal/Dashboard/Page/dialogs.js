// Questions to the viewer, as modal dialogs of the browser: they keep the focus and give it back.
import { draw, h } from "./dom.js";
import { hasToken, setToken, tryToken } from "./access.js";

const host = () => document.getElementById("dialogs");
let number = 0;

function show(build) {
  return new Promise(resolve => {
    const dialog = document.createElement("dialog");
    const id = `dialog-${number++}`;
    dialog.setAttribute("aria-labelledby", id);
    host().append(dialog);
    let answer = null;
    const close = value => {
      answer = value;
      dialog.close();
    };
    dialog.onclose = () => {
      dialog.remove();
      resolve(answer);
    };
    const redraw = () => draw(dialog, build({ id, close, redraw }));
    redraw();
    dialog.showModal();
  });
}

/** @returns null, or {choice} when it is meant. */
export function confirm({ title, text, name, danger, mustType, choice }) {
  let typed = "";
  let chosen = choice?.options[0].value;
  return show(({ id, close, redraw }) => h("form", { onsubmit: event => { event.preventDefault(); if (!mustType || typed === mustType) { close({ choice: chosen }); } } },
    h("h2", { id }, title),
    h("p", {}, text),
    choice ? h("label", {}, choice.label, h("select", { onchange: event => { chosen = event.target.value; } }, choice.options.map(option => h("option", { value: option.value, key: option.value }, option.text)))) : null,
    mustType ? h("label", {}, h("span", {}, "Type the key to confirm: ", h("span.key", {}, mustType)), h("input", { type: "text", autocomplete: "off", spellcheck: "false", oninput: event => { typed = event.target.value; redraw(); } })) : null,
    h("div.actions", {}, h("button", { type: "button", onclick: () => close(null) }, "Cancel"), h(`button.${danger ? "danger" : "main"}`, { type: "submit", disabled: Boolean(mustType) && typed !== mustType }, name))));
}

/** Asks for the token. @returns whether there is another one, or none any more. */
export function access({ viewer, wanted }) {
  let error = null;
  let isAsking = false;
  return show(({ id, close, redraw }) => h("form", {
    onsubmit: async event => {
      event.preventDefault();
      const { token, keep } = event.target.elements;
      isAsking = true;
      error = null;
      redraw();
      error = await tryToken(token.value.trim());
      isAsking = false;
      if (error === null) {
        setToken(token.value.trim(), keep.checked);
        close(true);
      } else {
        redraw();
      }
    },
  },
    h("h2", { id }, "Access"),
    wanted ? h("p", {}, h("strong", {}, wanted), " needs the token.") : null,
    viewer && !viewer.allowsChanges
      ? h("p", {}, "This API only looks: no token is configured. Whoever runs the app sets ", h("code", {}, "DurableAdminOptions.Token"), " or ", h("code", {}, "AuthorizationPolicy"), ".")
      : h("p.muted", {}, viewer?.permitted ? `You may change things, as ${viewer.name}.` : "You may look. With the token you may also see states and change things. It is sent in a header, never in an address."),
    viewer && !viewer.allowsChanges ? null : h("label", {}, "Token", h("input", { name: "token", type: "password", autocomplete: "off", spellcheck: "false", required: true, autofocus: true })),
    viewer && !viewer.allowsChanges ? null : h("label.check", {}, h("input", { name: "keep", type: "checkbox" }), "Keep it until this tab is closed; else it is forgotten when the page is loaded again"),
    error ? h("p.partial", { role: "alert" }, error[0].toUpperCase() + error.slice(1)) : null,
    h("div.actions", {},
      h("button", { type: "button", onclick: () => close(false) }, "Cancel"),
      hasToken() ? h("button", { type: "button", onclick: () => { setToken(null); close(true); } }, "Forget the token") : null,
      viewer && !viewer.allowsChanges ? null : h("button.main", { type: "submit", disabled: isAsking }, "Use it"))));
}
