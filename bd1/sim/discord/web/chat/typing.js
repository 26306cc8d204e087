/** Who is typing, for as long as Discord shows it. */

import { h, setText } from "../dom.js";

const SHOWN_MS = 9000;

export class Typing {
  #element;
  #words = h("span", {});
  /** @type {Map<string, number>} Name to the timer that forgets it. */
  #names = new Map();

  /** @param {HTMLElement} element */
  constructor(element) {
    this.#element = element;
    element.replaceChildren(h("span", { class: "dots", "aria-hidden": "true" }, h("i"), h("i"), h("i")), this.#words);
    this.#draw();
  }

  /** @param {string} name */
  started(name) {
    clearTimeout(this.#names.get(name));
    this.#names.set(name, setTimeout(() => this.stopped(name), SHOWN_MS));
    this.#draw();
  }

  /** @param {string} name */
  stopped(name) {
    clearTimeout(this.#names.get(name));
    this.#names.delete(name);
    this.#draw();
  }

  clear() {
    for (const name of [...this.#names.keys()]) this.stopped(name);
  }

  #draw() {
    const names = [...this.#names.keys()];
    this.#element.classList.toggle("is-on", names.length > 0);
    if (names.length) setText(this.#words, `${names.join(" and ")} ${names.length > 1 ? "are" : "is"} typing…`);
  }
}
