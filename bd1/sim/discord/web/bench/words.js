/** How sizes and tiers are said on the bench. */

/** @param {number|null} mib */
export const gib = (mib) => (mib === null ? "?" : (mib / 1024).toFixed(1));

/** @param {number} mib */
export const mibText = (mib) => `${mib.toLocaleString("en-GB").replaceAll(",", "\u2009")} MiB`;

/** @type {Record<string, {word: string, meaning: string}>} */
export const TIERS = {
  normal: { word: "Normal", meaning: "There is room to work." },
  warn: { word: "Warning", meaning: "Filling up: BD-1 has said so." },
  alert: { word: "Alert", meaning: "Nearly full: BD-1 calls for a person." },
  protect: { word: "Protecting", meaning: "BD-1 frees the card before it can hang the host." },
  unknown: { word: "Unknown", meaning: "BD-1 cannot see the card, says so, and starts nothing on it." },
};

/** While BD-1 itself does not run. */
export const DOWN = { word: "BD-1 is down", meaning: "Nobody looks at the card until it is back." };

/** @type {Record<string, string>} */
export const CARD_STATES = { stalled: "The card does not answer", lost: "The card has fallen off the bus" };

/** @type {Record<string, string>} */
const CONTAINER_STATES = { created: "never started", exited: "stopped" };

/**
 * A container in a word, and what else is to be said of it. How it ended says more than that it is not running.
 * @param {{state: string, note: string}} container
 * @returns {[string, string]}
 */
export function containerWords({ state, note }) {
  if (state === "exited" && note) return [note, ""];
  return [CONTAINER_STATES[state] ?? state, note];
}
