/** Small original drawings, as data: addresses: a droid's head for BD-1, a monogram for everybody else. */

const dataUrl = (svg) => `data:image/svg+xml,${encodeURIComponent(svg)}`;

/** BD-1's mark: a boxy head, two unequal lenses, one bent antenna. */
const DROID = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">
<defs><linearGradient id="b" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#1f5f6b"/><stop offset="1" stop-color="#123842"/></linearGradient>
<radialGradient id="l"><stop offset="0" stop-color="#d8fbff"/><stop offset=".45" stop-color="#5fe0ea"/><stop offset="1" stop-color="#178a9c"/></radialGradient></defs>
<rect width="64" height="64" fill="url(#b)"/>
<path d="M40 20l5-9" stroke="#e8eef0" stroke-width="2.6" stroke-linecap="round"/><circle cx="45.6" cy="9.8" r="2.8" fill="#ff9d5c"/>
<path d="M14 26c0-4 3-7 7-7h22c4 0 7 3 7 7v11c0 4-3 7-7 7H21c-4 0-7-3-7-7z" fill="#f1f4f4"/>
<path d="M14 34h36v3c0 4-3 7-7 7H21c-4 0-7-3-7-7z" fill="#d3dcde"/>
<path d="M9 27h5v9H9zM50 27h5v9h-5z" fill="#ff9d5c"/>
<circle cx="26" cy="31" r="8.2" fill="#22343a"/><circle cx="26" cy="31" r="5.2" fill="url(#l)"/>
<circle cx="42" cy="29.6" r="4.8" fill="#22343a"/><circle cx="42" cy="29.6" r="2.7" fill="url(#l)"/>
<path d="M24 44l-4 10M40 44l4 10" stroke="#e8eef0" stroke-width="3.4" stroke-linecap="round"/><path d="M15 56h9M40 56h9" stroke="#ff9d5c" stroke-width="3.4" stroke-linecap="round"/>
</svg>`;

export const DROID_URL = dataUrl(DROID);

const GROUNDS = ["#b4543f", "#8a5fb0", "#3f7bb4", "#4d8a52", "#a37a2c", "#a64d7a"];

/** @param {string} name */
function groundOf(name) {
  const sum = [...name].reduce((total, letter) => total + (letter.codePointAt(0) ?? 0), 0);
  return GROUNDS[sum % GROUNDS.length];
}

function monogram(name) {
  const letter = [...name][0]?.toUpperCase().replace(/[<>&"']/, "·") ?? "·";
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><rect width="64" height="64" fill="${groundOf(name)}"/>
<circle cx="50" cy="12" r="26" fill="#fff" opacity=".12"/><circle cx="8" cy="62" r="24" fill="#000" opacity=".1"/>
<text x="32" y="43" font-family="system-ui,sans-serif" font-size="31" font-weight="600" fill="#fff" text-anchor="middle">${letter}</text></svg>`;
}

const drawn = new Map();

/** @param {{name: string, bot?: boolean}} person @returns {string} A data: address. */
export function avatarOf(person) {
  if (person.bot) return DROID_URL;
  if (!drawn.has(person.name)) drawn.set(person.name, dataUrl(monogram(person.name)));
  return drawn.get(person.name);
}
