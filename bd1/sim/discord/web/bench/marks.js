/** What happened on the card, told from one state to the next: the words along the chart. Draws nothing. */

/** @typedef {import("../types.js").Bench} State */
/** @typedef {{t: number, text: string}} Mark */

const MOST = 8;

export class Marks {
  /** @type {State|null} */
  #before = null;
  /** The last mode that was not passed through in a switch. */
  #mode = "";
  /** @type {Mark[]} */
  #all = [];

  /** @param {State} state @returns {Mark[]} Oldest first. */
  notice(state) {
    const before = this.#before;
    this.#before = state;
    if (!before || state.t < before.t) {
      this.#all = [];
      this.#mode = state.switching ? "" : state.mode;
      return this.#all;
    }
    const news = [...happened(before, state), ...this.#newMode(state)];
    this.#all = [...this.#all, ...news.map((text) => ({ t: state.t, text }))].slice(-MOST);
    return this.#all;
  }

  #newMode({ mode, switching }) {
    if (switching || mode === "unknown" || mode === this.#mode) return [];
    this.#mode = mode;
    return [`${mode} mode`];
  }
}

/** @param {State} before @param {State} state @returns {string[]} */
function happened(before, state) {
  const then = new Map(before.containers.map((container) => [container.name, container]));
  const fates = state.containers.map((now) => fate(then.get(now.name), now));
  const troubles = state.troubles.filter(({ id, active }) => active && !before.troubles.find((old) => old.id === id)?.active);
  return [...troubles.map(({ label }) => label), ...fates.filter(Boolean)];
}

/** How a container ended. Only of who held memory: the others do nothing to the card. */
function fate(before, now) {
  const isDown = ["exited", "restarting"].includes(now.state);
  if (!before || before.state === now.state || !isDown || before.vram_mib === 0) return "";
  return `${now.name} ${now.note.split(",")[0] || "stopped"}`;
}
