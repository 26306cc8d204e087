/** The channels with what is unread in them, and the choice of who the reader is. */

import { avatarOf } from "../avatars.js";
import { h } from "../dom.js";

/** @typedef {import("./room.js").Room} Room */

/** @param {{role: string, bot: boolean}} person */
const roleWord = (person) => (person.role ? person.role.toLowerCase() : "stranger");

export class ChannelList {
  #element;
  #room;
  #visit;
  #current = "";
  /** @type {Map<string, {count: number, called: boolean}>} */
  #unread = new Map();

  /** @param {HTMLElement} element @param {Room} room @param {(channel: string) => void} visit */
  constructor(element, room, visit) {
    this.#element = element;
    this.#room = room;
    this.#visit = visit;
  }

  /** @param {string} channel The channel on show. */
  select(channel) {
    this.#current = channel;
    this.#unread.delete(channel);
    this.draw();
  }

  /** @param {string} channel @param {boolean} called Whether the reader is called by name. */
  markUnread(channel, called) {
    if (channel === this.#current) return;
    const before = this.#unread.get(channel);
    this.#unread.set(channel, { count: (before?.count ?? 0) + 1, called: called || Boolean(before?.called) });
    this.draw();
  }

  /** How many messages wait in channels that are not on show. */
  get unreadCount() {
    return [...this.#unread.values()].reduce((sum, { count }) => sum + count, 0);
  }

  forget() {
    this.#unread.clear();
  }

  draw() {
    const channels = [...this.#room.channels.values()];
    this.#element.replaceChildren(
      h("h2", { class: "side-title" }, "Channels"),
      h("ul", {}, channels.filter(({ kind }) => kind === "text").map((channel) => this.#row(channel))),
      h("h2", { class: "side-title" }, "Direct messages"),
      h("ul", {}, channels.filter(({ kind }) => kind === "dm").map((channel) => this.#row(channel))),
    );
  }

  #row(channel) {
    const unread = this.#unread.get(channel.id);
    const here = channel.id === this.#current;
    const direct = channel.kind === "dm";
    const mark = direct ? h("img", { src: avatarOf({ name: channel.name, bot: true }), alt: "" }) : h("span", { class: "hash", "aria-hidden": "true" }, "#");
    const badge = unread && h("span", { class: `badge ${unread.called ? "is-called" : ""}`, "aria-label": `${unread.count} unread` }, String(unread.count));
    const presence = direct && h("span", { class: `presence ${this.#room.botOnline ? "is-online" : ""}`, title: this.#room.botOnline ? "online" : "offline" });
    const attrs = { type: "button", class: `channel ${unread ? "is-unread" : ""}`, "aria-current": here ? "page" : null };
    return h("li", {}, h("button", { ...attrs, onclick: () => this.#visit(channel.id) }, mark, h("span", { class: "channel-name" }, channel.name), presence, badge));
  }
}

/**
 * Draw the switch "You are": one radio button for each person.
 * @param {HTMLElement} element
 * @param {Room} room
 * @param {(person: string) => void} become
 */
export function drawPeopleSwitch(element, room, become) {
  const people = [...room.people.values()].filter((person) => !person.bot);
  const rows = people.map((person) => {
    const radio = h("input", { type: "radio", name: "me", value: person.id, checked: person.id === room.me, onchange: () => become(person.id) });
    const words = h("span", { class: "me-words" }, h("span", { class: "me-name" }, person.name), h("span", { class: "me-role" }, roleWord(person)));
    return h("label", { class: "me" }, radio, h("img", { src: avatarOf(person), alt: "" }), words);
  });
  element.replaceChildren(h("legend", {}, "You are"), ...rows);
}
