/** How moments are written. Knows the reader's clock and nothing else. */

const LANGUAGE = "en-GB";
const STYLES = {
  t: { timeStyle: "short" },
  T: { timeStyle: "medium" },
  d: { dateStyle: "short" },
  D: { dateStyle: "long" },
  f: { dateStyle: "long", timeStyle: "short" },
  F: { dateStyle: "full", timeStyle: "short" },
};
const UNITS = /** @type {const} */ ([
  ["year", 31536000],
  ["month", 2592000],
  ["day", 86400],
  ["hour", 3600],
  ["minute", 60],
  ["second", 1],
]);
const relative = new Intl.RelativeTimeFormat(LANGUAGE, { numeric: "auto" });

/** @param {Date} date @param {string} style One of Discord's letters t T d D f F. */
export function writtenTime(date, style) {
  return new Intl.DateTimeFormat(LANGUAGE, STYLES[style] ?? STYLES.f).format(date);
}

/** "in 2 minutes", "5 seconds ago". @param {Date} date @param {number} [now] Milliseconds. */
export function relativeTime(date, now = Date.now()) {
  const seconds = Math.round((date.getTime() - now) / 1000);
  const [unit, size] = UNITS.find(([, length]) => Math.abs(seconds) >= length) ?? UNITS[5];
  return relative.format(Math.trunc(seconds / size), unit);
}

/** "Today at 13:05". @param {Date} date @param {Date} [now] */
export function chatTime(date, now = new Date()) {
  const time = writtenTime(date, "t");
  const days = Math.round((midnight(now) - midnight(date)) / 86400000);
  if (days === 0) return `Today at ${time}`;
  if (days === 1) return `Yesterday at ${time}`;
  return `${writtenTime(date, "d")} ${time}`;
}

const midnight = (date) => new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();

/** Keep every relative time on the page true, without drawing anything anew. @param {ParentNode} root */
export function keepTimesTrue(root) {
  setInterval(() => {
    for (const element of root.querySelectorAll("time[data-relative]")) {
      const text = relativeTime(new Date(Number(/** @type {HTMLElement} */ (element).dataset.relative) * 1000));
      if (element.textContent !== text) element.textContent = text;
    }
  }, 1000);
}
