/** Tells screen readers what was said, once an answer has stopped growing. */

import { renderPlain } from "./render-markdown.js";

const SETTLED_MS = 1200;
const LONGEST = 240;

export class Announcer {
  #element;
  #room;
  /** @type {Map<string, number>} */
  #timers = new Map();

  /** @param {HTMLElement} element A polite live region. @param {import("./room.js").Room} room */
  constructor(element, room) {
    this.#element = element;
    this.#room = room;
  }

  /** @param {import("../types.js").Message} message New, or changed. */
  heard(message) {
    if (message.author.id === this.#room.me) return;
    clearTimeout(this.#timers.get(message.id));
    this.#timers.set(message.id, setTimeout(() => this.#say(message), SETTLED_MS));
  }

  #say(message) {
    this.#timers.delete(message.id);
    const name = this.#room.people.get(message.author.id)?.name ?? message.author.username;
    const title = message.embeds?.[0]?.title ?? "";
    this.#element.textContent = `${name}: ${title} ${renderPlain(message.content, this.#room.names)}`.slice(0, LONGEST);
  }
}
