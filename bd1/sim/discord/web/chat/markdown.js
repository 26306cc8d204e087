/**
 * Discord's Markdown, read into a tree of plain objects. Makes no DOM node: see render-markdown.js.
 * Every pattern is linear in the text it is tried on (no nested repetition that could match in two ways).
 */

/**
 * @typedef {{type: string, children?: Node[], text?: string, [key: string]: any}} Node
 * Blocks: paragraph, heading (level), subtext, quote, list (ordered, start, items), fence (lang, text).
 * Inline: text, strong, em, underline, strike, spoiler, code, link (href), user, role, channel, command, time, emoji, everyone.
 */

const DEEPEST = 12;
const SPECIAL = /[\\`*_~|<[@]|https:\/\//g;
const WORD = /\w/;

/** @type {[RegExp, (match: RegExpExecArray, depth: number) => Node, ((before: string) => boolean)?][]} */
const INLINE = [
  [/\\([^0-9A-Za-z\s])/y, ([, text]) => ({ type: "text", text })],
  [/``((?:[^`]|`(?!`))+)``/y, ([, text]) => ({ type: "code", text: text.trim() })],
  [/`([^`\n]+)`/y, ([, text]) => ({ type: "code", text })],
  [/\[((?:\\.|[^[\]\\])+)\]\(<?(https:\/\/[^\s<>()]+(?:\([^\s<>()]*\)[^\s<>()]*)*)>?(?: "[^"]*")?\)/y, link],
  [/<(https:\/\/[^\s<>]+)>/y, ([, href]) => ({ type: "link", href, children: [{ type: "text", text: href }] })],
  [/https:\/\/[^\s<>]*[^\s<>.,:;"'!?)\]*_~|]/y, ([href]) => ({ type: "link", href, children: [{ type: "text", text: href }] })],
  [/<@!?(\d+)>/y, ([, id]) => ({ type: "user", id })],
  [/<@&(\d+)>/y, ([, id]) => ({ type: "role", id })],
  [/<#(\d+)>/y, ([, id]) => ({ type: "channel", id })],
  [/<\/([^:<>\n]{1,100}):\d+>/y, ([, name]) => ({ type: "command", name })],
  [/<t:(-?\d{1,13})(?::([tTdDfFR]))?>/y, ([, unix, style = "f"]) => ({ type: "time", unix: Number(unix), style })],
  [/<a?:(\w{2,32}):\d+>/y, ([, name]) => ({ type: "emoji", name })],
  [/@(everyone|here)\b/y, ([, name]) => ({ type: "everyone", name })],
  [/\*\*((?:\\[^]|[^\\])+?)\*\*(?!\*)/y, wrap("strong")],
  [/__((?:\\[^]|[^\\])+?)__(?!_)/y, wrap("underline")],
  [/~~((?:\\[^]|[^\\])+?)~~/y, wrap("strike")],
  [/\|\|((?:\\[^]|[^\\])+?)\|\|/y, wrap("spoiler")],
  [/\*(?![\s*])((?:\\[^]|\*\*(?:\\[^]|[^*\\])+\*\*|[^*\\])*?[^\s*\\])\*(?!\*)/y, wrap("em")],
  [/_(?![\s_])((?:\\[^]|__(?:\\[^]|[^_\\])+__|[^_\\])*?[^\s_\\])_(?!\w)/y, wrap("em"), (before) => !WORD.test(before)],
];

/** @param {string} type @returns {(match: RegExpExecArray, depth: number) => Node} */
function wrap(type) {
  return ([, inner], depth) => ({ type, children: parseInline(inner, depth + 1) });
}

/** @param {RegExpExecArray} match @param {number} depth @returns {Node} */
function link([, label, href], depth) {
  return { type: "link", href, children: parseInline(label, depth + 1).filter((node) => node.type !== "link") };
}

/**
 * @param {string} source
 * @param {number} [depth]
 * @returns {Node[]} Inline nodes; neighbouring texts are one node.
 */
export function parseInline(source, depth = 0) {
  if (depth > DEEPEST) return [{ type: "text", text: source }];
  /** @type {Node[]} */
  const nodes = [];
  let at = 0;
  while (at < source.length) {
    SPECIAL.lastIndex = at;
    const next = SPECIAL.exec(source)?.index ?? source.length;
    addText(nodes, source.slice(at, next));
    at = next < source.length ? takeInline(source, next, depth, nodes) : next;
  }
  return nodes;
}

function takeInline(source, at, depth, nodes) {
  for (const [pattern, make, fits] of INLINE) {
    pattern.lastIndex = at;
    const match = pattern.exec(source);
    if (!match || fits?.(source[at - 1] ?? "") === false) continue;
    const node = make(match, depth);
    if (node.type === "text") addText(nodes, node.text ?? "");
    else nodes.push(node);
    return at + match[0].length;
  }
  addText(nodes, source[at]);
  return at + 1;
}

function addText(nodes, text) {
  const last = nodes.at(-1);
  if (last?.type === "text") last.text += text;
  else if (text) nodes.push({ type: "text", text });
}

const LIST_LINE = /^( *)(?:([-*])|(\d{1,9})\.) +(\S.*)$/;

/** Tried in turn at the start of a line. @type {[RegExp, (match: RegExpExecArray, depth: number) => Node][]} */
const BLOCKS = [
  [/```(?:([\w+#.-]+)\n)?\n?([^]*?)\n?```\n?/y, ([, lang = "", text]) => ({ type: "fence", lang, text })],
  [/>>> ([^]*)/y, ([, inner], depth) => ({ type: "quote", children: parseBlocks(inner, depth + 1) })],
  [/(?:> [^\n]*(?:\n|$))+/y, ([all], depth) => ({ type: "quote", children: parseBlocks(all.trimEnd().replace(/^> /gm, ""), depth + 1) })],
  [/(#{1,3}) +([^\n]+)(?:\n|$)/y, ([, marks, text]) => ({ type: "heading", level: marks.length, children: parseInline(text) })],
  [/-# +([^\n]+)(?:\n|$)/y, ([, text]) => ({ type: "subtext", children: parseInline(text) })],
  [/(?: *(?:[-*]|\d{1,9}\.) +\S[^\n]*(?:\n|$))+/y, ([all]) => parseList(all.trimEnd().split("\n").map(listLine))],
];

/**
 * @param {string} source
 * @param {number} [depth]
 * @returns {Node[]} Blocks in their order. Line breaks inside a paragraph are kept in its text.
 */
export function parseBlocks(source, depth = 0) {
  /** @type {Node[]} */
  const blocks = [];
  let paragraph = "";
  const flush = () => {
    const text = paragraph.replace(/^\n+|\n+$/g, "");
    if (text) blocks.push({ type: "paragraph", children: parseInline(text, depth) });
    paragraph = "";
  };
  for (let at = 0; at < source.length; ) {
    const atLineStart = at === 0 || source[at - 1] === "\n";
    const found = depth <= DEEPEST && takeBlock(source, at, depth, atLineStart);
    if (found) {
      flush();
      blocks.push(found.node);
      at = found.end;
    } else {
      const end = endOfRun(source, at);
      paragraph += source.slice(at, end);
      at = end;
    }
  }
  flush();
  return blocks;
}

function takeBlock(source, at, depth, atLineStart) {
  for (const [pattern, make] of atLineStart ? BLOCKS : BLOCKS.slice(0, 1)) {
    pattern.lastIndex = at;
    const match = pattern.exec(source);
    if (match) return { node: make(match, depth), end: at + match[0].length };
  }
  return null;
}

/** Where a paragraph's run ends: after the line break, or before a fence that starts in mid-line. */
function endOfRun(source, at) {
  const lineEnd = source.indexOf("\n", at);
  const fence = source.indexOf("```", at + 1);
  const end = lineEnd < 0 ? source.length : lineEnd + 1;
  return fence >= 0 && fence < end ? fence : end;
}

function listLine(line) {
  const [, indent, , number, text] = /** @type {RegExpExecArray} */ (LIST_LINE.exec(line));
  return { indent: indent.length, ordered: number !== undefined, number: Number(number ?? 1), text };
}

function parseList(lines) {
  const [first] = lines;
  /** @type {Node} */
  const list = { type: "list", ordered: first.ordered, start: first.number, items: [] };
  for (let at = 0; at < lines.length; ) {
    let end = at + 1;
    while (end < lines.length && lines[end].indent > first.indent) end += 1;
    const inner = lines.slice(at + 1, end);
    list.items.push({ children: parseInline(lines[at].text), list: inner.length ? parseList(inner) : null });
    at = end;
  }
  return list;
}

/**
 * What a reader would read, without the marks: for reply previews and for screen readers.
 * @param {string} source
 * @param {(node: Node) => string} [nameOf] How a mention is said.
 */
export function plainText(source, nameOf = () => "…") {
  /** @param {Node} node @returns {string} */
  const say = (node) => {
    if (node.type === "list") return node.items.map((item) => item.children.map(say).join("")).join(" ");
    if (node.children) return node.children.map(say).join("");
    return node.text ?? nameOf(node);
  };
  return parseBlocks(source).map(say).join(" ").replace(/\s+/g, " ").trim();
}
