/** One message on the page. Redraws only the parts that changed, so that a streamed answer grows without flicker. */

import { avatarOf } from "../avatars.js";
import { h, patchChildren } from "../dom.js";
import { drawControls } from "./controls.js";
import { drawAttachments, drawEmbed } from "./embeds.js";
import { renderBlocks, renderPlain } from "./render-markdown.js";
import { chatTime, writtenTime } from "./time.js";

/** @typedef {import("../types.js").Message} Message */
/** @typedef {import("./room.js").Room} Room */

const EPHEMERAL = 64;
const LOADING = 128;
const PREVIEW_LENGTH = 140;

/** @param {Message} message */
export const isEphemeral = (message) => Boolean((message.flags ?? 0) & EPHEMERAL);
/** @param {Message} message */
export const isThinking = (message) => Boolean((message.flags ?? 0) & LOADING) && !message.content && !message.embeds?.length;
/** @param {Message} message Whether something stands above its text: a reply or a used command. */
export const hasHead = (message) => Boolean(message.message_reference || message.interaction_metadata?.name);

export class MessageView {
  #room;
  /** @type {Map<string, {key: string, nodes: Element[]}>} */
  #parts = new Map();
  #content = h("div", { class: "content" });
  element = h("discord-message", { tabindex: "-1" }, this.#content);

  /** @param {Room} room @param {Message} message */
  constructor(room, message) {
    this.#room = room;
    this.message = message;
    this.element.dataset.id = message.id;
    this.#drawAuthor();
    this.update(message);
  }

  /** @param {Message} message The same message, as it is now. */
  update(message) {
    this.message = message;
    const names = this.#room.names;
    this.element.classList.toggle("is-ephemeral", isEphemeral(message));
    this.element.classList.toggle("is-for-me", this.#room.mentionsMe(message));
    patchChildren(this.#content, this.#drawContent());
    this.#part("head", [message.referenced_message, message.message_reference, message.interaction_metadata], () => this.#drawHead());
    this.#part("attachments", loose(message), (files) => (files.length ? [drawAttachments(files)] : []));
    this.#part("embeds", [message.embeds ?? [], message.attachments ?? []], ([embeds, files]) => embeds.map((embed) => drawEmbed(embed, files, names)));
    this.#part("controls", message.components ?? [], drawControls);
    this.#part("note", isEphemeral(message), (yes) => (yes ? [drawEphemeralNote()] : []));
  }

  /** @param {boolean} continued Whether it follows a message of the same author: then without avatar and name. */
  setContinued(continued) {
    this.element.messageBodyOnly = continued;
    this.element.timestamp = continued ? writtenTime(new Date(this.message.timestamp), "t") : chatTime(new Date(this.message.timestamp));
    this.element.classList.toggle("is-continued", continued);
  }

  /** Draw a part again if what it is drawn from has changed. The control that had the focus keeps it. */
  #part(name, source, build) {
    const key = JSON.stringify(source);
    const old = this.#parts.get(name);
    if (old?.key === key) return;
    const focused = document.activeElement?.closest("[data-custom-id]");
    const nodes = build(source);
    for (const node of old?.nodes ?? []) node.remove();
    this.element.append(...nodes);
    this.#parts.set(name, { key, nodes });
    if (focused && !focused.isConnected) refocus(nodes, focused.getAttribute("data-custom-id"));
  }

  #drawAuthor() {
    const { author } = this.message;
    const person = this.#room.people.get(author.id);
    const name = person?.name ?? author.username;
    const bot = Boolean(person?.bot ?? author.bot);
    Object.assign(this.element, { author: name, bot, avatar: avatarOf({ name, bot }), roleColor: readable(person?.color) ?? undefined, timestamp: "" });
  }

  #drawContent() {
    const { message } = this;
    if (isThinking(message)) return [drawThinking(this.#room.people.get(message.author.id)?.name ?? message.author.username)];
    const nodes = renderBlocks(message.content, this.#room.names);
    if (message.edited_timestamp) markEdited(nodes, message.edited_timestamp);
    return nodes;
  }

  #drawHead() {
    const { interaction_metadata: used, message_reference: reference } = this.message;
    if (used?.name) return [this.#drawCommand(used)];
    return reference ? [this.#drawReply(reference)] : [];
  }

  #drawCommand(used) {
    const user = this.#person(used.user);
    return h("discord-command", { slot: "reply", author: user.name, avatar: user.avatar, "role-color": user.color, command: used.name });
  }

  #drawReply(reference) {
    const original = this.message.referenced_message;
    if (!original) return h("discord-reply", { slot: "reply", deleted: true });
    const user = this.#person(original.author);
    const text = renderPlain(original.content, this.#room.names) || original.embeds?.[0]?.title || "Press to see the message";
    const attrs = { slot: "reply", author: user.name, avatar: user.avatar, "role-color": user.color, bot: user.bot, "data-jump": reference.message_id };
    return h("discord-reply", attrs, h("button", { type: "button", class: "reply-preview" }, text.slice(0, PREVIEW_LENGTH)));
  }

  #person(user) {
    const known = this.#room.people.get(user.id);
    const name = known?.name ?? user.username ?? "Somebody";
    const bot = Boolean(known?.bot ?? user.bot);
    return { name, bot, avatar: avatarOf({ name, bot }), color: readable(known?.color) };
  }
}

/** A role's colour, pulled towards the text's as far as the theme needs it. @param {string} [colour] */
function readable(colour) {
  return colour ? `color-mix(in oklab, ${colour} var(--role-share), var(--strong))` : null;
}

/** Attachments that no embed shows as its picture. @param {Message} message */
function loose(message) {
  const shown = (message.embeds ?? []).flatMap((embed) => [embed.image?.url, embed.thumbnail?.url]);
  return (message.attachments ?? []).filter((file) => !shown.includes(file.url) && !shown.includes(`attachment://${file.filename}`));
}

function refocus(nodes, customId) {
  const control = nodes.map((node) => node.querySelector(`[data-custom-id="${CSS.escape(customId ?? "")}"]`)).find(Boolean);
  void control?.updateComplete?.then(() => control.shadowRoot?.querySelector("button")?.focus());
}

function drawThinking(name) {
  const dots = h("span", { class: "dots", "aria-hidden": "true" }, h("i"), h("i"), h("i"));
  return h("div", { class: "thinking" }, dots, `${name} is thinking…`);
}

function markEdited(nodes, moment) {
  const mark = h("span", { class: "edited", title: `Edited ${writtenTime(new Date(moment), "F")}` }, "(edited)");
  const last = nodes.at(-1);
  if (last instanceof Element && last.matches(".md-p, .md-sub")) last.append(" ", mark);
  else if (last) nodes.push(mark);
}

function drawEphemeralNote() {
  const dismiss = h("button", { type: "button", class: "link-button", "data-dismiss": "" }, "Dismiss");
  return h("div", { slot: "thread", class: "ephemeral-note" }, "Only you can see this · ", dismiss);
}
