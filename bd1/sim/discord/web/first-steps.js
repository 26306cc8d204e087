/** Three things worth trying first. Each one is done at a press, and ticked off however it was done. */

import { h } from "./dom.js";
import { showView } from "./frame.js";

const QUESTION = "@BD-1 what are you, and what do you look after?";
const COMMAND = "gpu mode";
const MODE = "image";
const KEY = "bd1-steps-hidden";
const COUNT = 3;
const AFTER = "That was the story. There is more trouble on the bench, and Han, Lando and Greedo may do less than Leia.";

/** @typedef {import("./chat/chat.js").Chat} Chat */
/** @typedef {import("./bench/bench.js").Bench} Bench */

export class FirstSteps {
  #element;
  #chat;
  #bench;
  #done = new Set();
  #isSwitching = false;
  #isAsking = false;
  /** @type {import("./types.js").Bench["troubles"][number]|null} */
  #leak = null;

  /** @param {HTMLElement} element @param {Chat} chat @param {Bench} bench */
  constructor(element, chat, bench) {
    this.#element = element;
    this.#chat = chat;
    this.#bench = bench;
    this.#draw();
  }

  /** @param {{kind: string, name?: string}} deed */
  noticeDeed(deed) {
    if (deed.kind === "say") this.#isAsking = false;
    if (deed.kind === "say") this.#tick("ask");
    if (deed.kind === "command" && deed.name === COMMAND) this.#tick("mode");
  }

  /** @param {import("./types.js").Bench} state */
  noticeState(state) {
    this.#isSwitching = state.switching;
    if (this.#isAsking && !state.switching) this.#ask();
    const leak = state.troubles.find(({ id, label }) => /leak/i.test(`${id} ${label}`)) ?? state.troubles[0];
    if (leak && leak.id !== this.#leak?.id) {
      this.#leak = leak;
      this.#draw();
    }
    if (leak?.active) this.#tick("leak");
  }

  #tick(step) {
    if (this.#done.has(step)) return;
    this.#done.add(step);
    this.#draw();
  }

  #draw() {
    if (sessionStorage.getItem(KEY)) return this.#hide();
    const steps = [
      this.#step("ask", "1", "Ask BD-1 what it is", () => this.#ask()),
      this.#step("mode", "2", `/${COMMAND} ${MODE}`, () => this.#mode()),
      this.#leak && this.#step("leak", "3", `${this.#leak.label}: watch BD-1 save the host`, () => this.#makeLeak()),
    ];
    const words = this.#done.size === COUNT ? h("p", {}, AFTER) : h("ol", {}, steps.filter(Boolean).map((step) => h("li", {}, step)));
    const close = h("button", { type: "button", class: "icon-button", "aria-label": "Hide the first steps", onclick: () => this.#hide() }, "×");
    this.#element.replaceChildren(words, close);
  }

  #step(id, number, words, act) {
    const done = this.#done.has(id);
    const isWaiting = id === "ask" && this.#isAsking;
    const mark = h("span", { class: "step-mark", "aria-hidden": "true" }, (done && "✓") || (isWaiting && "…") || number);
    return h("button", { type: "button", class: `step ${done ? "is-done" : ""}`, onclick: act }, mark, words, done && h("span", { class: "unseen" }, " (done)"), isWaiting && " as soon as it is ready");
  }

  #hide() {
    sessionStorage.setItem(KEY, "yes");
    this.#element.hidden = true;
  }

  #goTo(name) {
    const channel = this.#chat.channelNamed(name);
    if (channel) this.#chat.visit(channel);
  }

  /** While the card is being switched nobody could answer: the question waits for that. */
  #ask() {
    this.#goTo("bridge");
    this.#isAsking = this.#isSwitching;
    if (!this.#isAsking) return this.#chat.composer.send(QUESTION);
    this.#chat.composer.fill(QUESTION);
    this.#draw();
  }

  #mode() {
    this.#goTo("bridge");
    const option = this.#chat.room.commands.find(({ name }) => name === COMMAND)?.options[0]?.name;
    this.#chat.composer.sendCommand(COMMAND, option ? { [option]: MODE } : {});
  }

  /** Where it is told is the place to watch it from; a phone has room for the bench alone. */
  #makeLeak() {
    if (!this.#leak) return;
    this.#goTo("gpu-alerts");
    showView("bench");
    this.#bench.makeTrouble(this.#leak.id);
  }
}
