/** Where a person writes: plain messages, and the way into slash commands. */

import { h, setText } from "../dom.js";
import { renderPlain } from "./render-markdown.js";
import { CommandForm } from "./command-form.js";

/** @typedef {import("../types.js").Message} Message */
/** @typedef {import("./room.js").Room} Room */

const TALLEST_PX = 180;

/**
 * @typedef {object} Outlet Where a finished message or command goes. Each answers whether it was taken.
 * @property {(content: string, replyTo: string|null) => Promise<boolean>} say
 * @property {(name: string, options: Record<string, any>) => Promise<boolean>} command
 * @property {(name: string, options: Record<string, any>, focused: string) => Promise<import("../types.js").Choice[]>} autocomplete
 */

export class Composer {
  #room;
  #outlet;
  #listbox;
  #places;
  #form;
  /** @type {Message|null} */
  #replyTo = null;

  /**
   * @param {Record<"form"|"field"|"reply"|"command"|"hint"|"send", any>} places
   * @param {Room} room
   * @param {import("../listbox.js").Listbox} listbox
   * @param {Outlet} outlet
   */
  constructor(places, room, listbox, outlet) {
    this.#places = places;
    this.#room = room;
    this.#outlet = outlet;
    this.#listbox = listbox;
    this.#form = new CommandForm({ command: places.command, hint: places.hint }, room, listbox, outlet, () => this.#leaveCommand());
    this.#listen();
  }

  /** @param {import("../types.js").Channel} channel The channel on show from now on. */
  enter(channel) {
    this.#form.close();
    this.setReply(null);
    const target = channel.kind === "dm" ? `@${channel.name}` : `#${channel.name}`;
    const words = channel.can_send ? `Message ${target}, or / for commands` : `You may read ${target}; commands work here too: /`;
    this.#places.field.placeholder = words;
    this.#places.field.setAttribute("aria-label", words);
    this.#refresh();
  }

  /** Put a text into the field, ready to be sent. @param {string} text */
  fill(text) {
    this.#form.close();
    this.#places.field.value = text;
    this.#places.field.focus();
    this.#refresh();
  }

  /** Say something as if it had been written and sent. @param {string} text */
  send(text) {
    this.fill(text);
    this.#places.form.requestSubmit();
  }

  /** Send a command as if it had been filled in. @param {string} name @param {Record<string, any>} options */
  sendCommand(name, options) {
    this.startCommand(name, options);
    if (this.#form.isOpen) this.#places.form.requestSubmit();
  }

  /** Start a command with some of its options filled in. @param {string} name @param {Record<string, any>} [options] */
  startCommand(name, options = {}) {
    const command = this.#room.commands.find((one) => one.name === name);
    if (!command) return;
    this.#places.field.value = "";
    this.#places.form.classList.add("has-command");
    this.#listbox.close();
    this.#form.open(command, options);
  }

  /** Start the command whose name was written, and take what was written behind it into its first option. */
  #startWritten(name, written) {
    this.startCommand(name);
    const rest = written.slice(name.length + 1).trim();
    if (rest) this.#form.type(rest);
  }

  commandsChanged() {
    if (this.#places.field.value.startsWith("/") && document.activeElement === this.#places.field) this.#refresh();
  }

  /** @param {Message|null} message */
  setReply(message) {
    this.#replyTo = message;
    this.#places.reply.hidden = !message;
    if (!message) return;
    const name = this.#room.people.get(message.author.id)?.name ?? message.author.username;
    const cancel = h("button", { type: "button", class: "icon-button", "aria-label": "Do not reply", onclick: () => this.setReply(null) }, "×");
    const preview = renderPlain(message.content, this.#room.names).slice(0, 80);
    this.#places.reply.replaceChildren(h("span", {}, "Replying to ", h("strong", {}, name)), h("span", { class: "reply-text" }, preview), cancel);
    this.#places.field.focus();
  }

  #listen() {
    const { form, field } = this.#places;
    form.addEventListener("submit", (event) => this.#onSubmit(event));
    field.addEventListener("input", () => this.#refresh());
    field.addEventListener("keydown", (event) => this.#onKey(event));
    field.addEventListener("blur", () => this.#listbox.close());
  }

  #onKey(event) {
    if (this.#listbox.key(event)) return;
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.#places.form.requestSubmit();
    } else if (event.key === "Escape") {
      this.setReply(null);
    }
  }

  async #onSubmit(event) {
    event.preventDefault();
    if (this.#form.isOpen) return this.#form.submit();
    const content = this.#withMentions(this.#places.field.value.trim());
    if (!content) return;
    const replyTo = this.#replyTo?.id ?? null;
    const written = this.#places.field.value;
    this.fill("");
    this.setReply(null);
    if (!(await this.#outlet.say(content, replyTo)) && !this.#places.field.value) this.fill(written);
  }

  /** "@BD-1" as people write it, "<@id>" as Discord sends it. */
  #withMentions(text) {
    const people = [...this.#room.people.values()].sort((a, b) => b.name.length - a.name.length);
    return people.reduce((said, { id, name }) => said.replaceAll(new RegExp(`@${RegExp.escape?.(name) ?? name.replace(/\W/g, "\\$&")}(?![\\w-])`, "gi"), `<@${id}>`), text);
  }

  #refresh() {
    const { field } = this.#places;
    field.style.height = "auto";
    const isMeasurable = field.scrollHeight > 0; // not while a phone shows another view
    if (isMeasurable) field.style.height = `${Math.min(field.scrollHeight, TALLEST_PX)}px`;
    this.#offerCommands(field.value) || this.#offerPeople(field.value.slice(0, field.selectionEnd)) || this.#listbox.close();
  }

  #offerCommands(text) {
    if (!/^\/[^\n]*$/.test(text)) return false;
    const typed = text.slice(1).toLowerCase().trim();
    const fits = ({ name }) => name.includes(typed) || typed.startsWith(`${name} `);
    const fitting = this.#room.commands.filter(fits).sort((a, b) => rank(a.name, typed) - rank(b.name, typed));
    const entries = fitting.map((command) => ({ label: `/${command.name}`, detail: command.description, note: optionNames(command), value: command.name }));
    this.#listbox.open(this.#places.field, "Commands", entries, ({ value }) => this.#startWritten(value, text));
    setText(this.#places.hint, fitting.length ? "" : "There is no such command. / shows them all.");
    return true;
  }

  #offerPeople(before) {
    setText(this.#places.hint, "");
    const typed = /(?:^|\s)@([\w-]*)$/.exec(before)?.[1].toLowerCase();
    if (typed === undefined) return false;
    const fitting = [...this.#room.people.values()].filter((person) => person.name.toLowerCase().startsWith(typed) && person.name.toLowerCase() !== typed);
    const entries = fitting.map((person) => ({ label: `@${person.name}`, detail: person.bot ? "the bot" : person.role || "no role", value: person.name }));
    this.#listbox.open(this.#places.field, "People", entries, ({ value }) => this.#insertMention(before, typed.length, value));
    return true;
  }

  #insertMention(before, typed, name) {
    const rest = this.#places.field.value.slice(before.length);
    this.fill(`${before.slice(0, before.length - typed)}${name} ${rest}`);
  }

  #leaveCommand() {
    this.#places.form.classList.remove("has-command");
    this.#places.field.focus();
  }
}

const rank = (name, typed) => (name.startsWith(typed) ? 0 : 1);
const optionNames = (command) => command.options.map((option) => (option.required ? option.name : `[${option.name}]`)).join(" ");
