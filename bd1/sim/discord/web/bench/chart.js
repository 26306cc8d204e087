/** Video memory over the last two minutes, with the tiers BD-1 watches for. Drawn as SVG, sharp at every size. */

import { svg } from "../dom.js";
import { gib } from "./words.js";

/** @typedef {import("../types.js").Bench} State */
/** @typedef {[number, number|null]} Point Seconds and MiB; null where the card gave no reading. */

/** It opens as far as there is something to show. */
const WINDOWS = [
  { seconds: 30, ago: "30 s ago", half: "15 s" },
  { seconds: 60, ago: "1 min ago", half: "30 s" },
  { seconds: 120, ago: "2 min ago", half: "1 min" },
];
const WINDOW_S = 120;
const MOST_ROWS = 3;
const HEIGHT = 176;
const MARGIN = { top: 10, right: 74, bottom: 20, left: 42 };
const LABEL_GAP_PX = 12;
const LETTER_PX = 6;
const TIER_NAMES = /** @type {const} */ (["warn", "alert", "protect"]);
const GIB_STEP = 5;

export class Chart {
  #element;
  #width = 0;
  /** @type {Point[]} */
  #points = [];
  /** @type {State|null} */
  #state = null;
  #frame = "";
  /** @type {import("./marks.js").Mark[]} */
  #marks = [];
  #layers = { back: svg("g"), blind: svg("g"), line: svg("g"), marks: svg("g"), front: svg("g") };
  #svg;

  /** @param {HTMLElement} element */
  constructor(element) {
    this.#element = element;
    this.#svg = svg("svg", { height: HEIGHT, role: "img", class: "chart" }, ...Object.values(this.#layers));
    element.append(this.#svg);
    new ResizeObserver(([{ contentRect }]) => this.#resize(contentRect.width)).observe(element);
  }

  /** @param {Point[]} points */
  setHistory(points) {
    this.#points = [...points];
  }

  /** @param {State} state @param {import("./marks.js").Mark[]} [marks] What happened meanwhile, oldest first. */
  show(state, marks = []) {
    this.#state = state;
    this.#marks = marks.filter(({ t }) => t >= state.t - WINDOW_S);
    const last = this.#points.at(-1);
    if (last && state.t < last[0]) this.#points = [];
    this.#points.push([state.t, state.used_mib]);
    this.#points = this.#points.filter(([t]) => t >= state.t - WINDOW_S - 1);
    this.#draw();
  }

  #resize(width) {
    this.#width = Math.floor(width);
    this.#draw();
  }

  #draw() {
    const state = this.#state;
    if (!state || this.#width < 100) return;
    const span = windowOf(this.#points);
    const scale = scaleOf(this.#width, state, span);
    const frame = JSON.stringify([this.#width, span, state.total_mib, state.tiers, state.ceiling_mib]);
    if (frame !== this.#frame) this.#drawFrame(state, scale);
    this.#frame = frame;
    const runs = runsOf(this.#points);
    this.#layers.line.replaceChildren(...runs.flatMap((run) => drawRun(run, scale)), ...drawHead(this.#points.at(-1), scale));
    this.#layers.blind.replaceChildren(...blindSpans(this.#points).map((span) => drawBlind(span, scale)));
    this.#layers.marks.replaceChildren(...drawMarks(this.#marks, scale));
    this.#svg.setAttribute("aria-label", sentence(state));
  }

  /** What stays while the card and its limits stay: zones, lines, labels. */
  #drawFrame(state, scale) {
    this.#svg.setAttribute("width", this.#width);
    this.#svg.setAttribute("viewBox", `0 0 ${this.#width} ${HEIGHT}`);
    this.#layers.back.replaceChildren(svg("defs", {}, drawGradient(state, scale), drawHatch()), ...drawZones(state, scale), ...drawGrid(state, scale));
    this.#layers.front.replaceChildren(...drawLimits(state, scale), ...drawTimes(scale));
  }
}

/** @param {Point[]} points */
function windowOf(points) {
  const age = points.length ? (points.at(-1)?.[0] ?? 0) - points[0][0] : 0;
  return WINDOWS.find(({ seconds }) => age <= seconds) ?? WINDOWS[WINDOWS.length - 1];
}

/** Where seconds before now and MiB lie on the drawing. */
function scaleOf(width, state, span) {
  const left = MARGIN.left;
  const right = width - MARGIN.right;
  const bottom = HEIGHT - MARGIN.bottom;
  const x = (t) => right - ((state.t - t) / span.seconds) * (right - left);
  const y = (mib) => bottom - (mib / state.total_mib) * (bottom - MARGIN.top);
  return { x: (t) => Math.max(left, x(t)), y, left, right, bottom, top: MARGIN.top, span };
}

/** Pieces without a gap. @param {Point[]} points @returns {[number, number][][]} */
function runsOf(points) {
  /** @type {[number, number][][]} */
  const runs = [];
  let open = false;
  for (const [t, mib] of points) {
    if (mib !== null && open) runs.at(-1)?.push([t, mib]);
    else if (mib !== null) runs.push([[t, mib]]);
    open = mib !== null;
  }
  return runs;
}

/** From the last reading before to the first reading after. @param {Point[]} points @returns {[number, number][]} */
function blindSpans(points) {
  /** @type {[number, number][]} */
  const spans = [];
  /** @type {number|null} */
  let since = null;
  points.forEach(([t, mib], at) => {
    if (mib === null && since === null) since = points[Math.max(at - 1, 0)][0];
    if (since !== null && (mib !== null || at === points.length - 1)) {
      spans.push([since, t]);
      since = null;
    }
  });
  return spans;
}

function drawRun(run, scale) {
  const line = run.map(([t, mib], at) => `${at ? "L" : "M"}${scale.x(t).toFixed(1)} ${scale.y(mib).toFixed(1)}`).join("");
  const [first, last] = [run[0][0], run.at(-1)[0]];
  const area = `${line}L${scale.x(last).toFixed(1)} ${scale.bottom}L${scale.x(first).toFixed(1)} ${scale.bottom}Z`;
  return [svg("path", { class: "chart-area", d: area }), svg("path", { class: "chart-line", d: line })];
}

function drawHead(point, scale) {
  if (!point || point[1] === null) return [];
  return [svg("circle", { class: "chart-head", cx: scale.x(point[0]), cy: scale.y(point[1]), r: 3.5 })];
}

function drawBlind([from, to], scale) {
  const x = scale.x(from);
  return svg("rect", { class: "chart-blind", x, y: scale.top, width: Math.max(scale.x(to) - x, 1), height: scale.bottom - scale.top });
}

/** Newest lowest; one that would lie over its neighbour moves up a row, and where there is none left it has no words. */
function drawMarks(marks, scale) {
  const rows = [];
  return [...marks].reverse().flatMap(({ t, text }) => {
    const x = Math.round(scale.x(t)) + 0.5;
    const [before, after] = [x - 6 - scale.left, scale.right + MARGIN.right - 6 - x];
    const goesBefore = text.length * LETTER_PX < before || before > after;
    const words = cut(text, Math.floor((goesBefore ? before : after) / LETTER_PX));
    const width = words.length * LETTER_PX;
    const from = goesBefore ? x - width - 4 : x + 4;
    let row = 0;
    while (rows[row] !== undefined && rows[row] < from + width) row += 1;
    const line = svg("path", { class: "chart-mark", d: `M${x} ${scale.top}V${scale.bottom}` });
    if (row === MOST_ROWS) return [line];
    rows[row] = from;
    const y = scale.bottom - 5 - row * LABEL_GAP_PX;
    const place = goesBefore ? { x: x - 4, "text-anchor": "end" } : { x: x + 4, "text-anchor": "start" };
    return [line, svg("text", { class: "chart-text chart-mark-text", y, ...place }, words)];
  });
}

/** @param {string} text @param {number} most Letters there is room for. */
const cut = (text, most) => (text.length <= most ? text : `${text.slice(0, Math.max(most - 1, 0)).trimEnd()}…`);

/** The line takes the colour of the zone it is in: hard stops at each tier. */
function drawGradient(state, scale) {
  const edges = TIER_NAMES.map((name) => state.tiers[name] / 100);
  const colours = ["normal", ...TIER_NAMES];
  const stops = colours.flatMap((name, at) => [edges[at - 1] ?? 0, edges[at] ?? 1].map((offset) => svg("stop", { offset, class: `stop-${name}` })));
  const box = { x1: 0, x2: 0, y1: scale.bottom, y2: scale.top, gradientUnits: "userSpaceOnUse" };
  return svg("linearGradient", { id: "chart-colours", ...box }, stops);
}

function drawHatch() {
  const lines = svg("path", { d: "M0 8L8 0", class: "chart-hatch" });
  return svg("pattern", { id: "chart-hatch", width: 8, height: 8, patternUnits: "userSpaceOnUse" }, lines);
}

function drawZones(state, scale) {
  return TIER_NAMES.map((name, at) => {
    const low = (state.tiers[name] / 100) * state.total_mib;
    const high = at < 2 ? (state.tiers[TIER_NAMES[at + 1]] / 100) * state.total_mib : state.total_mib;
    return svg("rect", { class: `zone-${name}`, x: scale.left, y: scale.y(high), width: scale.right - scale.left, height: scale.y(low) - scale.y(high) });
  });
}

function drawGrid(state, scale) {
  const steps = Array.from({ length: Math.round(state.total_mib / 1024 / GIB_STEP) + 1 }, (_, at) => at * GIB_STEP);
  return steps.flatMap((step, at) => {
    const y = Math.max(Math.round(scale.y(step * 1024)), scale.top) + 0.5;
    const label = svg("text", { class: "chart-text", x: scale.left - 6, y: y + 3.5, "text-anchor": "end" }, at === steps.length - 1 ? `${step} GiB` : String(step));
    return [svg("path", { class: "chart-grid", d: `M${scale.left} ${y}H${scale.right}` }), label];
  });
}

/** The tiers, and the ceiling where it is not one of them. */
function limitsOf(state) {
  const limits = TIER_NAMES.map((name) => ({ name, mib: (state.tiers[name] / 100) * state.total_mib, text: `${state.tiers[name]}% ${name}` }));
  const meets = limits.some(({ mib }) => Math.abs(mib - state.ceiling_mib) < state.total_mib / 100);
  return meets ? limits : [...limits, { name: "ceiling", mib: state.ceiling_mib, text: "ceiling" }];
}

function drawLimits(state, scale) {
  let free = -Infinity;
  const highestFirst = limitsOf(state).sort((a, b) => b.mib - a.mib);
  return highestFirst.flatMap(({ name, mib, text }) => {
    const y = Math.round(scale.y(mib)) + 0.5;
    const labelY = Math.max(y + 3.5, free + LABEL_GAP_PX);
    free = labelY;
    const line = svg("path", { class: `limit limit-${name}`, d: `M${scale.left} ${y}H${scale.right}L${scale.right + 5} ${labelY - 3.5}` });
    return [line, svg("text", { class: `chart-text limit-text-${name}`, x: scale.right + 8, y: labelY }, text)];
  });
}

function drawTimes(scale) {
  const y = HEIGHT - 5;
  return [
    svg("text", { class: "chart-text", x: scale.left, y }, scale.span.ago),
    svg("text", { class: "chart-text", x: (scale.left + scale.right) / 2, y, "text-anchor": "middle" }, scale.span.half),
    svg("text", { class: "chart-text", x: scale.right, y, "text-anchor": "end" }, "now"),
  ];
}

/** @param {State} state */
function sentence(state) {
  const now = state.used_mib === null ? "no reading" : `${gib(state.used_mib)} of ${gib(state.total_mib)} GiB`;
  return `Video memory over the last two minutes. Now: ${now}, tier ${state.tier}.`;
}
