/** The switches that make trouble, under short headings, each with a line on what to watch for. */

import { h, setText } from "../dom.js";

/** @typedef {import("../types.js").Bench["troubles"]} Listed */

/** @param {string} text A name that is not torn apart at a line's end. */
const kept = (text) => text.replaceAll("BD-1", "BD\u20111");

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

  /** @param {Listed} troubles */
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

  /** @param {Listed} troubles */
  #draw(troubles) {
    this.#buttons = new Map(troubles.map((trouble) => [trouble.id, this.#button(trouble)]));
    const groups = [...new Set(troubles.map(({ group }) => group))];
    this.#element.replaceChildren(...groups.map((group) => this.#group(group, troubles)));
  }

  #group(group, troubles) {
    const rows = troubles.filter((trouble) => trouble.group === group).map(({ id }) => h("li", {}, this.#buttons.get(id)));
    return h("section", { class: "trouble-group" }, h("h3", {}, group), h("ul", { class: "trouble-list" }, rows));
  }

  #button({ id, label, hint }) {
    const flip = (event) => this.#turn(id, event.currentTarget.getAttribute("aria-pressed") !== "true");
    const words = h("span", { class: "trouble-words" }, h("b", {}, label), h("small", {}, kept(hint)));
    return h("button", { type: "button", class: "trouble", "aria-pressed": "false", onclick: flip }, words, h("span", { class: "trouble-state" }, "Off"));
  }
}
