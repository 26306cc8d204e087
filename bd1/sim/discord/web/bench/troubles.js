/** The switches that make trouble, each with a line on what to watch for. */

import { h, setText } from "../dom.js";

export class Troubles {
  #element;
  #turn;
  /** @type {Map<string, HTMLElement>} */
  #buttons = new Map();

  /** @param {HTMLElement} element @param {(id: string, on: boolean) => void} turn */
  constructor(element, turn) {
    this.#element = element;
    this.#turn = turn;
  }

  /** @param {import("../types.js").Bench["troubles"]} troubles */
  show(troubles) {
    if (troubles.map(({ id }) => id).join() !== [...this.#buttons.keys()].join()) this.#draw(troubles);
    for (const { id, active } of troubles) {
      const button = this.#buttons.get(id);
      button?.setAttribute("aria-pressed", String(active));
      setText(/** @type {Element} */ (button?.querySelector(".trouble-state")), active ? "On" : "Off");
    }
  }

  /** @param {string} id Bring its switch into view. */
  pointTo(id) {
    this.#buttons.get(id)?.scrollIntoView({ block: "nearest" });
  }

  #draw(troubles) {
    this.#buttons = new Map(troubles.map((trouble) => [trouble.id, this.#button(trouble)]));
    this.#element.replaceChildren(...[...this.#buttons.values()].map((button) => h("li", {}, button)));
  }

  #button({ id, label, hint }) {
    const flip = (event) => this.#turn(id, event.currentTarget.getAttribute("aria-pressed") !== "true");
    const words = h("span", { class: "trouble-words" }, h("b", {}, label), h("small", {}, hint));
    return h("button", { type: "button", class: "trouble", "aria-pressed": "false", onclick: flip }, words, h("span", { class: "trouble-state" }, "Off"));
  }
}
