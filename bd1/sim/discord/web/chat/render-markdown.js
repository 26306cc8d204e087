/** Draws the tree of markdown.js as DOM nodes. What a user wrote only ever becomes a text node or a checked address. */

import { h } from "../dom.js";
import { parseBlocks, parseInline, plainText } from "./markdown.js";
import { relativeTime, writtenTime } from "./time.js";

/**
 * @typedef {object} Names How ids are said.
 * @property {(id: string) => string} user
 * @property {(id: string) => string} channel
 * @property {(id: string) => string} role
 * @property {string} [me] The reader's id: a mention of them stands out.
 */

/** @param {string} source @param {Names} names @returns {Node[]} */
export const renderBlocks = (source, names) => parseBlocks(source).map((node) => draw(node, names));

/** @param {string} source @param {Names} names @returns {Node[]} */
export const renderInline = (source, names) => parseInline(source).map((node) => draw(node, names));

/** @param {string} source @param {Names} names */
export const renderPlain = (source, names) => plainText(source, (node) => (SIGNS[node.type] ?? "") + (draw(node, names).textContent ?? ""));

const SIGNS = { user: "@", role: "@", everyone: "@", channel: "#", command: "/" };

const DRAW = {
  paragraph: (node, inner) => h("div", { class: "md-p" }, inner()),
  heading: (node, inner) => h("div", { class: `md-h md-h${node.level}`, role: "heading", "aria-level": node.level + 2 }, inner()),
  subtext: (node, inner) => h("div", { class: "md-sub" }, inner()),
  quote: (node, inner) => h("blockquote", { class: "md-quote" }, inner()),
  list: (node, inner, names) => drawList(node, names),
  fence: (node) => drawFence(node),
  text: (node) => document.createTextNode(node.text),
  strong: (node, inner) => h("strong", {}, inner()),
  em: (node, inner) => h("em", {}, inner()),
  underline: (node, inner) => h("u", {}, inner()),
  strike: (node, inner) => h("s", {}, inner()),
  spoiler: (node, inner) => drawSpoiler(inner()),
  code: (node) => h("code", { class: "md-code" }, node.text),
  link: (node, inner) => h("a", { href: safeAddress(node.href), target: "_blank", rel: "noopener noreferrer nofollow" }, inner()),
  user: (node, inner, names) => mention("user", names.user(node.id), node.id === names.me),
  role: (node, inner, names) => mention("role", names.role(node.id)),
  channel: (node, inner, names) => h("discord-mention", { type: "channel", "data-channel": node.id }, names.channel(node.id)),
  command: (node) => h("discord-mention", { type: "slash" }, node.name),
  everyone: (node) => mention("role", node.name, true),
  emoji: (node) => document.createTextNode(`:${node.name}:`),
  time: (node) => drawTime(node),
};

function draw(node, names) {
  return DRAW[node.type](node, () => node.children.map((child) => draw(child, names)), names);
}

function mention(type, name, highlight = false) {
  return h("discord-mention", { type, class: highlight ? "is-me" : null }, name);
}

/** @param {string} href @returns {string|null} The address if it is https, else none. */
export function safeAddress(href) {
  return URL.canParse(href) && new URL(href).protocol === "https:" ? href : null;
}

function drawList(node, names) {
  const items = node.items.map((item) =>
    h("li", {}, item.children.map((child) => draw(child, names)), item.list && drawList(item.list, names)),
  );
  return h(node.ordered ? "ol" : "ul", { class: "md-list", start: node.ordered && node.start !== 1 ? node.start : null }, items);
}

function drawFence(node) {
  const label = node.lang && h("figcaption", {}, node.lang);
  return h("figure", { class: "md-fence" }, label, h("pre", { tabindex: "0" }, h("code", {}, node.text)));
}

/** Hidden until pressed; the press is handled where all clicks of the timeline are. */
function drawSpoiler(inner) {
  return h("span", { class: "md-spoiler", role: "button", tabindex: "0", "aria-label": "Spoiler, press to show" }, h("span", { "aria-hidden": "true" }, inner));
}

/** @param {HTMLElement} spoiler */
export function openSpoiler(spoiler) {
  spoiler.classList.add("is-open");
  for (const name of ["role", "tabindex", "aria-label"]) spoiler.removeAttribute(name);
  spoiler.firstElementChild?.removeAttribute("aria-hidden");
}

function drawTime({ unix, style }) {
  const date = new Date(unix * 1000);
  if (Number.isNaN(date.getTime())) return document.createTextNode(`<t:${unix}>`);
  const text = style === "R" ? relativeTime(date) : writtenTime(date, style);
  const marks = { class: "md-time", datetime: date.toISOString(), title: writtenTime(date, "F") };
  return h("time", { ...marks, "data-relative": style === "R" ? unix : null }, text);
}
