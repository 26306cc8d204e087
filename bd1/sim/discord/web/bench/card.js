/** The card at a glance: how full, which tier, which mode, and who holds the memory. */

import { h, setText } from "../dom.js";
import { CARD_STATES, DOWN, TIERS, gib, mibText } from "./words.js";

/** @typedef {import("../types.js").Bench} State */

const SHADES = 5;

export class CardView {
  #used = h("strong", { class: "card-used" });
  #share = h("span", { class: "card-share" });
  #tier = h("span", { class: "pill tier-pill" });
  #mode = h("span", { class: "pill mode-pill" });
  #fault = h("span", { class: "pill fault-pill", hidden: true });
  #meaning = h("p", { class: "card-meaning", role: "status" });
  #bar = h("div", { class: "holders-bar", "aria-hidden": "true" });
  #legend = h("ul", { class: "holders-legend", "aria-label": "Who holds the memory" });
  #element;
  #held = "";

  /** @param {HTMLElement} element */
  constructor(element) {
    this.#element = element;
    element.append(
      h("div", { class: "card-head" }, h("div", { class: "card-number" }, this.#used, this.#share), h("div", { class: "pills" }, this.#fault, this.#mode, this.#tier)),
      this.#meaning,
    );
    element.parentElement?.querySelector("#holders")?.append(this.#bar, this.#legend);
  }

  /** @param {State} state */
  show(state) {
    const tier = state.down ? DOWN : (TIERS[state.tier] ?? TIERS.unknown);
    const percent = state.used_mib === null ? null : Math.round((100 * state.used_mib) / state.total_mib);
    this.#element.dataset.tier = state.tier;
    setText(this.#used, state.used_mib === null ? "no reading" : `${gib(state.used_mib)} GiB`);
    setText(this.#share, percent === null ? `of ${cardSize(state)}` : `of ${cardSize(state)} · ${percent} %`);
    setText(this.#tier, tier.word);
    setText(this.#meaning, tier.meaning);
    this.#showMode(state);
    setText(this.#fault, CARD_STATES[state.card] ?? "");
    this.#fault.hidden = !CARD_STATES[state.card];
    this.#showHolders(state);
  }

  #showMode(state) {
    setText(this.#mode, state.switching ? "Switching…" : `${state.mode.charAt(0).toUpperCase()}${state.mode.slice(1)} mode`);
    this.#mode.hidden = Boolean(state.down);
    this.#mode.classList.toggle("is-switching", state.switching);
  }

  #showHolders(state) {
    const holders = [{ label: "driver", mib: state.reserved_mib, driver: true }, ...state.holders.filter(({ label }) => label !== "driver")];
    const key = JSON.stringify(holders);
    if (key === this.#held) return;
    this.#held = key;
    const total = state.total_mib;
    this.#bar.replaceChildren(...holders.map((holder, at) => h("span", { class: shade(holder, at), style: `width:${(100 * holder.mib) / total}%` })));
    this.#legend.replaceChildren(...holders.map((holder, at) => legendRow(holder, at)));
  }
}

/** @param {State} state */
const cardSize = (state) => `${Math.round(state.total_mib / 1024)} GiB`;
const shade = (holder, at) => (holder.driver ? "shade-driver" : `shade-${at % SHADES}`);

function legendRow(holder, at) {
  return h("li", {}, h("i", { class: shade(holder, at), "aria-hidden": "true" }), h("span", {}, holder.label), h("b", {}, mibText(holder.mib)));
}
