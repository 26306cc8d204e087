/** Says which part of the demo is real and which is simulated. */

import { h } from "../dom.js";

export class FactsPanel {
  #dialog;

  /** @param {HTMLDialogElement} dialog @param {HTMLElement} opener */
  constructor(dialog, opener) {
    this.#dialog = dialog;
    opener.addEventListener("click", () => dialog.showModal());
    dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  }

  /** @param {{part: string, kind: "real"|"simulated", detail: string}[]} facts */
  show(facts) {
    const rows = facts.map(({ part, kind, detail }) =>
      h("li", { "data-kind": kind }, h("span", { class: "fact-kind" }, kind === "real" ? "real" : "simulated"), h("b", {}, part), h("span", {}, detail)),
    );
    const close = h("button", { type: "button", class: "button is-primary", onclick: () => this.#dialog.close() }, "Close");
    this.#dialog.replaceChildren(h("h2", { id: "facts-title" }, "What is real here, and what is not"), h("ul", { class: "facts-list" }, rows), close);
  }
}
