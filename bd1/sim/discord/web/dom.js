/** Building DOM nodes without ever parsing a string as HTML. Knows nothing of Discord or of the bench. */

const SVG = "http://www.w3.org/2000/svg";

/** @typedef {Node|string|number|null|undefined|false} Child */

/**
 * An HTML element. Text children become text nodes; `onclick`-like attributes with a function become listeners;
 * `true` sets an empty attribute, and `false`, `null` and `undefined` set none.
 * @param {string} tag
 * @param {Record<string, any>} [attrs]
 * @param {...(Child|Child[])} children
 * @returns {any}
 */
export function h(tag, attrs = {}, ...children) {
  return furnish(document.createElement(tag), attrs, children);
}

/**
 * An SVG element, built as `h` does.
 * @param {string} tag
 * @param {Record<string, any>} [attrs]
 * @param {...(Child|Child[])} children
 * @returns {any}
 */
export function svg(tag, attrs = {}, ...children) {
  return furnish(document.createElementNS(SVG, tag), attrs, children);
}

function furnish(element, attrs, children) {
  for (const [name, value] of Object.entries(attrs)) setAttribute(element, name, value);
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

function setAttribute(element, name, value) {
  if (typeof value === "function") element.addEventListener(name.slice(2), value);
  else if (value === true) element.setAttribute(name, "");
  else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, String(value));
}

/**
 * Make `parent` hold `nodes`, touching only what differs: equal leading nodes stay as they are, so that a growing text
 * neither flickers nor loses a reader's selection.
 * @param {Element} parent
 * @param {Node[]} nodes
 */
export function patchChildren(parent, nodes) {
  let same = 0;
  while (same < nodes.length && parent.childNodes[same]?.isEqualNode(nodes[same])) same += 1;
  while (parent.childNodes.length > same) parent.lastChild?.remove();
  parent.append(...nodes.slice(same));
}

/** Text that changes often: written only when it is another one. @param {Element} element @param {string} text */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/**
 * A line icon of 24 by 24 units, hidden from screen readers: the button around it carries the name.
 * @param {string} path
 */
export function icon(path) {
  const stroke = { fill: "none", stroke: "currentColor", "stroke-width": 2, "stroke-linecap": "round" };
  return svg("svg", { viewBox: "0 0 24 24", class: "icon", "aria-hidden": "true", ...stroke, "stroke-linejoin": "round" }, svg("path", { d: path }));
}

/** @param {string} id @returns {any} The element of index.html with this id. */
export const byId = (id) => document.getElementById(id);
