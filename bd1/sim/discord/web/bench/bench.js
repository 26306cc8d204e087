/** The bench beside the chat: what the simulated machine is doing, and the switches that make trouble on it. */

import { byId, h } from "../dom.js";
import { Line } from "../socket.js";
import { CardView } from "./card.js";
import { Chart } from "./chart.js";
import { FactsPanel } from "./facts.js";
import { FleetView } from "./fleet.js";
import { Marks } from "./marks.js";
import { Troubles } from "./troubles.js";

/** @typedef {import("../types.js").Bench} State */

const NOTICE_MS = 9000;

export class Bench {
  /** @type {(state: State) => void} */
  onState = () => {};
  #noticeTimer = 0;
  #line = new Line("/bench/socket", { heard: (message) => this.#hear(message), lost: () => this.#setLost(true) });
  #card = new CardView(byId("card"));
  #chart = new Chart(byId("chart"));
  #marks = new Marks();
  #fleet = new FleetView(byId("fleet"));
  #troubles = new Troubles(byId("troubles"), (id, on) => this.#line.send({ op: "trouble", id, on }));

  /** Learn whether there is a bench at all, and if so open its line. */
  async start() {
    const answer = await fetch("/bench/facts").catch(() => null);
    if (answer?.status === 404) return this.#hide();
    if (answer?.ok) new FactsPanel(byId("facts"), byId("facts-open")).show(await answer.json());
    byId("reset").addEventListener("click", () => this.#line.send({ op: "reset" }));
    this.#line.connect();
  }

  /** @param {string} id */
  makeTrouble(id) {
    this.#line.send({ op: "trouble", id, on: true });
    this.#troubles.pointTo(id);
  }

  #hear(message) {
    if (message.op === "history") return this.#chart.setHistory(message.points);
    if (message.op === "error") return this.#say(message.text);
    if (message.op !== "state") return;
    this.#setLost(false);
    this.#card.show(message);
    this.#chart.show(message, this.#marks.notice(message));
    this.#fleet.show(message.containers);
    this.#troubles.show(message.troubles);
    showTabTier(message);
    this.onState(message);
  }

  #setLost(lost) {
    byId("bench").classList.toggle("is-stale", lost);
    byId("bench-lost").hidden = !lost;
  }

  /** What the bench refused, and why; gone by itself after a while. */
  #say(text) {
    const element = byId("bench-notice");
    element.textContent = text;
    element.hidden = false;
    clearTimeout(this.#noticeTimer);
    this.#noticeTimer = setTimeout(() => (element.hidden = true), NOTICE_MS);
  }

  /** This server has no bench: the chat takes the whole page. */
  #hide() {
    document.body.classList.add("has-no-bench");
    byId("facts-open").hidden = true;
  }
}

/** On a phone the bench is behind a tab: the tab itself then says how full the card is. @param {State} state */
function showTabTier(state) {
  const badge = byId("tab-tier");
  const text = state.used_mib === null ? "?" : `${Math.round((100 * state.used_mib) / state.total_mib)}%`;
  if (badge.textContent !== text) badge.replaceChildren(h("span", {}, text));
  badge.dataset.tier = state.tier;
}
