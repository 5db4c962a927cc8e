// A small virtual DOM: views are functions from what is known to a tree, and only what differs is changed, so that focus, selection and scrolling stay where they are.
// Every text goes into the page as a text node. There is no way here to put markup in.

/** @returns a node of the tree: a tag such as "div.card", properties, children (texts, nodes, lists of them; null is left out). */
export function h(tag, props, ...children) {
  const [name, ...classes] = tag.split(".");
  const own = props ?? {};
  const names = [...classes, ...(own.class ? [own.class] : [])].join(" ");
  return { name, props: names ? { ...own, class: names } : own, children: flat(children), key: own.key };
}

/** Makes what is in an element what the nodes say. */
export function draw(element, ...nodes) {
  const tree = flat(nodes);
  if (!element.tree) {
    element.replaceChildren();
  }

  patchChildren(element, element.tree ?? [], tree);
  element.tree = tree;
}

function flat(children) {
  return children.flat(Infinity).filter(child => child !== null && child !== undefined && child !== false && child !== "").map(child => typeof child === "object" ? child : { text: String(child) });
}

const svg = new Set(["svg", "path", "circle", "line", "g"]);

function make(node) {
  if (node.text !== undefined) {
    return document.createTextNode(node.text);
  }

  const element = svg.has(node.name) ? document.createElementNS("http://www.w3.org/2000/svg", node.name) : document.createElement(node.name);
  for (const [name, value] of Object.entries(node.props)) {
    set(element, name, value, undefined);
  }

  patchChildren(element, [], node.children);
  return element;
}

function set(element, name, value, was) {
  if (name === "key" || value === was) {
    return;
  }

  if (name.startsWith("on")) {
    element[name] = value ?? null;
  } else if (name === "width" && typeof value === "number") {
    // By the object model: the policy of the page allows no style attributes.
    element.style.width = `${value}%`;
  } else if (name === "value" || name === "checked" || name === "disabled" || name === "open" || name === "selected") {
    if (name !== "value" || element.value !== value) {
      element[name] = value ?? (name === "value" ? "" : false);
    }
  } else if (value === null || value === undefined || value === false) {
    element.removeAttribute(name);
  } else {
    element.setAttribute(name, value === true ? "" : String(value));
  }
}

function patch(element, was, node) {
  if (node.text !== undefined) {
    if (was.text !== node.text) {
      element.nodeValue = node.text;
    }

    return;
  }

  for (const name of Object.keys(was.props)) {
    if (!(name in node.props)) {
      set(element, name, undefined, was.props[name]);
    }
  }

  for (const [name, value] of Object.entries(node.props)) {
    set(element, name, value, was.props[name]);
  }

  patchChildren(element, was.children, node.children);
}

const isSame = (was, node) => was.name === node.name && was.key === node.key && (was.text === undefined) === (node.text === undefined);

function patchChildren(parent, was, nodes) {
  const old = was.map((node, i) => ({ node, element: parent.childNodes[i] }));
  const byKey = new Map(old.filter(one => one.node.key !== undefined).map(one => [one.node.key, one]));
  const unkeyed = old.filter(one => one.node.key === undefined);
  const kept = new Set();
  const elements = nodes.map(node => {
    const found = node.key !== undefined ? byKey.get(node.key) : unkeyed.find(one => !kept.has(one) && isSame(one.node, node));
    if (found && !kept.has(found) && isSame(found.node, node)) {
      kept.add(found);
      patch(found.element, found.node, node);
      return found.element;
    }

    return make(node);
  });
  for (const one of old) {
    if (!kept.has(one)) {
      one.element.remove();
    }
  }

  elements.forEach((element, i) => {
    if (parent.childNodes[i] !== element) {
      parent.insertBefore(element, parent.childNodes[i] ?? null);
    }
  });
}
