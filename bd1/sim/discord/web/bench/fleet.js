/** The containers of the simulated host. */

import { h } from "../dom.js";
import { containerWords, mibText } from "./words.js";

export class FleetView {
  #element;
  #shown = "";

  /** @param {HTMLElement} element */
  constructor(element) {
    this.#element = element;
  }

  /** @param {import("../types.js").Bench["containers"]} containers */
  show(containers) {
    const key = JSON.stringify(containers);
    if (key === this.#shown) return;
    this.#shown = key;
    this.#element.replaceChildren(...containers.map(drawContainer));
  }
}

function drawContainer(container) {
  const { name, state, vram_mib: vramMib, restarts } = container;
  const [word, note] = containerWords(container);
  const again = restarts > 0 && h("span", { class: "restarts" }, restarts === 1 ? "1 restart" : `${restarts} restarts`);
  return h("li", { class: "container", "data-state": state }, [
    h("i", { class: "state-dot", "aria-hidden": "true" }),
    h("span", { class: "container-name" }, name),
    h("span", { class: "container-state" }, word, again && " · ", again),
    h("b", { class: vramMib ? "" : "is-nothing" }, mibText(vramMib)),
    note && h("span", { class: "container-note" }, note),
  ]);
}
