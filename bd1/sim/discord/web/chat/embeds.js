/** Embeds and attachments of a message, as web components. */

import { h } from "../dom.js";
import { renderBlocks, renderInline, safeAddress } from "./render-markdown.js";
import { chatTime } from "./time.js";

/** @typedef {import("./render-markdown.js").Names} Names */

/** @param {any} embed @param {any[]} attachments @param {Names} names */
export function drawEmbed(embed, attachments, names) {
  const thumbnail = imageAddress(embed.thumbnail?.url, attachments);
  return h("discord-embed", { slot: "embeds", color: cssColour(embed.color), thumbnail }, [
    embed.author && h("div", { slot: "description", class: "embed-author" }, embed.author.name),
    embed.title && h("div", { slot: "description", class: "embed-title" }, drawTitle(embed, names)),
    embed.description && h("discord-embed-description", { slot: "description" }, renderBlocks(embed.description, names)),
    embed.fields?.length > 0 && drawFields(embed.fields, names),
    embed.image && drawPicture(embed.image.url, attachments, "fields"),
    drawFooter(embed),
  ]);
}

function drawTitle(embed, names) {
  const title = renderInline(embed.title, names);
  const address = embed.url && safeAddress(embed.url);
  return address ? h("a", { href: address, target: "_blank", rel: "noopener noreferrer nofollow" }, title) : title;
}

function drawFields(fields, names) {
  const spans = fieldSpans(fields);
  const drawn = fields.map((field, index) =>
    h("discord-embed-field", { class: `span-${spans[index]}` }, [
      h("div", { class: "embed-field-name" }, renderInline(field.name, names)),
      renderBlocks(field.value, names),
    ]),
  );
  return h("discord-embed-fields", { slot: "fields" }, drawn);
}

/**
 * Of twelve columns, how many each field takes: inline neighbours share a row in threes.
 * @param {{inline?: boolean}[]} fields
 */
export function fieldSpans(fields) {
  /** @type {number[]} */
  const spans = [];
  for (let at = 0; at < fields.length; ) {
    let row = 1;
    while (fields[at].inline && row < 3 && fields[at + row]?.inline) row += 1;
    spans.push(...Array(row).fill(fields[at].inline ? 12 / Math.max(row, 2) : 12));
    at += row;
  }
  return spans;
}

function drawFooter(embed) {
  if (!embed.footer && !embed.timestamp) return null;
  const parts = [embed.footer?.text, embed.timestamp && chatTime(new Date(embed.timestamp))];
  return h("discord-embed-footer", { slot: "footer" }, parts.filter(Boolean).join(" · "));
}

/** @param {number|null|undefined} colour */
const cssColour = (colour) => (colour ? `#${colour.toString(16).padStart(6, "0")}` : null);

/** @param {any[]} attachments */
export function drawAttachments(attachments) {
  return h("discord-attachments", { slot: "attachments" }, attachments.map((file) => (isPicture(file) ? drawPicture(file.url, attachments) : drawFile(file))));
}

const isPicture = (file) => /^image\//.test(file.content_type ?? "") || /\.(png|jpe?g|gif|webp)$/i.test(file.filename);

/** @param {string} url @param {any[]} attachments @param {string|null} [slot] */
function drawPicture(url, attachments, slot = null) {
  const address = imageAddress(url, attachments);
  const file = attachments.find((one) => one.url === url);
  if (!address) return h("span", { slot, class: "picture-away" }, `Picture: ${url}`);
  const size = file?.width ? { width: file.width, height: file.height } : {};
  return h("a", { slot, class: "picture", href: address, target: "_blank", rel: "noopener" }, h("img", { src: address, alt: file?.description ?? file?.filename ?? "Picture", loading: "lazy", ...size }));
}

/** Pictures are shown from this page's own server only. @returns {string|null} */
function imageAddress(url, attachments) {
  if (!url) return null;
  const name = url.startsWith("attachment://") ? url.slice("attachment://".length) : null;
  const address = name ? attachments.find((file) => file.filename === name)?.url : url;
  if (!address || !URL.canParse(address, location.href)) return null;
  const { origin, protocol, pathname } = new URL(address, location.href);
  if (protocol === "data:" || origin === location.origin) return address;
  return isLoopback(address) ? pathname : null;
}

const isLoopback = (address) => ["127.0.0.1", "localhost", "[::1]"].includes(new URL(address).hostname);

function drawFile(file) {
  const [bytes, unit] = readableSize(file.size ?? 0);
  const href = imageAddress(file.url, [file]);
  return h("discord-file-attachment", { name: file.filename, bytes, "bytes-unit": unit, href, target: "_blank" }, null);
}

/** @param {number} bytes @returns {[string, string]} */
function readableSize(bytes) {
  if (bytes < 1024) return [String(bytes), "bytes"];
  if (bytes < 1024 ** 2) return [(bytes / 1024).toFixed(1), "KiB"];
  return [(bytes / 1024 ** 2).toFixed(1), "MiB"];
}
