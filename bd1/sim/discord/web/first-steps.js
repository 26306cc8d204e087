/** Three things worth trying first. Each one sets itself up at a press, and is ticked off once done. */

import { h } from "./dom.js";
import { showView } from "./frame.js";

const QUESTION = "@BD-1 what are you, and what do you look after?";
const COMMAND = "gpu mode";
const KEY = "bd1-steps-hidden";

/** @typedef {import("./chat/chat.js").Chat} Chat */
/** @typedef {import("./bench/bench.js").Bench} Bench */

export class FirstSteps {
  #element;
  #chat;
  #bench;
  #done = new Set();
  #leak = "";

  /** @param {HTMLElement} element @param {Chat} chat @param {Bench} bench */
  constructor(element, chat, bench) {
    this.#element = element;
    this.#chat = chat;
    this.#bench = bench;
    this.#draw();
  }

  /** @param {{kind: string, name?: string}} deed */
  noticeDeed(deed) {
    if (deed.kind === "say") this.#tick("ask");
    if (deed.kind === "command" && deed.name === COMMAND) this.#tick("mode");
  }

  /** @param {import("./types.js").Bench} state */
  noticeState(state) {
    const leak = state.troubles.find(({ id, label }) => /leak/i.test(`${id} ${label}`)) ?? state.troubles[0];
    if (leak && leak.id !== this.#leak) {
      this.#leak = leak.id;
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
      this.#step("ask", "1", "Ask BD-1 something in #bridge", () => this.#ask()),
      this.#step("mode", "2", "/gpu mode image", () => this.#mode()),
      this.#leak && this.#step("leak", "3", "Leak in ComfyUI: watch BD-1 save the host", () => this.#makeLeak()),
    ];
    const close = h("button", { type: "button", class: "icon-button", "aria-label": "Hide the first steps", onclick: () => this.#hide() }, "×");
    this.#element.replaceChildren(h("ol", {}, steps.filter(Boolean).map((step) => h("li", {}, step))), close);
  }

  #step(id, number, words, act) {
    const done = this.#done.has(id);
    const mark = h("span", { class: "step-mark", "aria-hidden": "true" }, done ? "✓" : number);
    return h("button", { type: "button", class: `step ${done ? "is-done" : ""}`, onclick: act }, mark, words, done && h("span", { class: "unseen" }, " (done)"));
  }

  #hide() {
    sessionStorage.setItem(KEY, "yes");
    this.#element.hidden = true;
  }

  #goToBridge() {
    const bridge = this.#chat.channelNamed("bridge");
    if (bridge) this.#chat.visit(bridge);
  }

  #ask() {
    this.#goToBridge();
    this.#chat.composer.fill(QUESTION);
  }

  #mode() {
    this.#goToBridge();
    const option = this.#chat.room.commands.find(({ name }) => name === COMMAND)?.options[0]?.name;
    this.#chat.composer.startCommand(COMMAND, option ? { [option]: "image" } : {});
  }

  #makeLeak() {
    showView("bench");
    this.#bench.makeTrouble(this.#leak);
  }
}
