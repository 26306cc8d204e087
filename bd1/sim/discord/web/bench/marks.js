/** What happened on the card, told from one state to the next: the words along the chart. Draws nothing. */

/** @typedef {import("../types.js").Bench} State */
/** @typedef {{t: number, text: string}} Mark */

const MOST = 8;

export class Marks {
  /** @type {State|null} */
  #before = null;
  /** @type {Mark[]} */
  #all = [];

  /** @param {State} state @returns {Mark[]} Oldest first. */
  notice(state) {
    const before = this.#before;
    this.#before = state;
    const news = before && state.t >= before.t ? happened(before, state) : null;
    this.#all = news ? [...this.#all, ...news.map((text) => ({ t: state.t, text }))].slice(-MOST) : [];
    return this.#all;
  }
}

/** @param {State} before @param {State} state @returns {string[]} */
function happened(before, state) {
  const then = new Map(before.containers.map((container) => [container.name, container]));
  const fates = state.containers.map((now) => fate(then.get(now.name), now));
  const troubles = state.troubles.filter(({ id, active }) => active && !before.troubles.find((old) => old.id === id)?.active);
  const switched = before.switching && !state.switching && !state.down ? [`${state.mode} mode`] : [];
  return [...troubles.map(({ label }) => label), ...fates.filter(Boolean), ...switched];
}

/** How a container ended. Only of who held memory: the others do nothing to the card. */
function fate(before, now) {
  const isDown = ["exited", "restarting"].includes(now.state);
  if (!before || before.state === now.state || !isDown || before.vram_mib === 0) return "";
  return `${now.name} ${now.note.split(",")[0] || "stopped"}`;
}
