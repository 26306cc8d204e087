/** The messages of the channel on show: their order, their grouping, and where the reader is in them. */

import { h } from "../dom.js";
import { chosenValues } from "./controls.js";
import { MessageView, hasHead, isEphemeral } from "./message.js";
import { openSpoiler } from "./render-markdown.js";
import { Toolbar } from "./toolbar.js";
import { drawWelcome } from "./welcome.js";

/** @typedef {import("../types.js").Message} Message */

const GROUP_WITHIN_MS = 7 * 60 * 1000;
const NEAR_BOTTOM_PX = 60;
const CLOSED_SPOILER = ".md-spoiler:not(.is-open)";

/**
 * @typedef {object} Deeds What a reader can do to a message.
 * @property {(message: Message, control: HTMLElement) => void} press
 * @property {(message: Message, customId: string, values: string[]) => void} select
 * @property {(message: Message) => void} reply
 * @property {(message: Message) => void} remove
 * @property {(message: Message) => void} dismiss
 * @property {(channel: string) => void} visit
 */

export class Timeline {
  #scroller;
  #list;
  #jump;
  #room;
  #deeds;
  #toolbar;
  #pinned = true;
  #lastTop = 0;
  /** @type {Map<string, MessageView>} In the order shown. */
  #views = new Map();

  /**
   * @param {{scroller: HTMLElement, list: HTMLElement, jump: HTMLElement}} places
   * @param {import("./room.js").Room} room
   * @param {Deeds} deeds
   */
  constructor(places, room, deeds) {
    this.#scroller = places.scroller;
    this.#list = places.list;
    this.#jump = places.jump;
    this.#room = room;
    this.#deeds = deeds;
    this.#toolbar = new Toolbar(deeds);
    this.#listen();
  }

  /** Show another channel, or the same one anew. @param {import("../types.js").Channel} channel */
  show(channel) {
    this.#views.clear();
    this.#list.replaceChildren(drawWelcome(channel));
    for (const message of this.#room.messages(channel.id)) this.#add(message);
    this.#regroup();
    this.#pinned = true;
    this.#follow();
  }

  /** A new message of the channel on show, or a new state of one. @param {Message} message */
  put(message) {
    this.#onScroll(); // the reader may have scrolled within this very frame
    const view = this.#views.get(message.id);
    if (view) view.update(message);
    else this.#add(message);
    this.#regroup();
    this.#follow();
    this.#jump.hidden = this.#pinned;
  }

  /** @param {string} id */
  remove(id) {
    this.#toolbar.leave(id);
    this.#views.get(id)?.element.remove();
    this.#views.delete(id);
    this.#regroup();
  }

  /** Say beneath a message that pressing its control came to nothing. @param {string} id @param {string} text */
  complain(id, text) {
    const element = this.#views.get(id)?.element;
    const note = h("div", { slot: "thread", class: "complaint", role: "alert" }, text);
    element?.querySelector(".complaint")?.remove();
    element?.append(note);
    setTimeout(() => note.remove(), 8000);
  }

  scrollToEnd() {
    this.#pinned = true;
    this.#follow();
  }

  #add(message) {
    const view = new MessageView(this.#room, message);
    const after = [...this.#views.values()].find((other) => BigInt(other.message.id) > BigInt(message.id));
    this.#list.insertBefore(view.element, after?.element ?? null);
    this.#views.set(message.id, view);
    if (after) this.#views = new Map([...this.#views].sort(([a], [b]) => (BigInt(a) < BigInt(b) ? -1 : 1)));
  }

  #regroup() {
    /** @type {MessageView|null} */
    let before = null;
    for (const view of this.#views.values()) {
      view.setContinued(before !== null && continues(before.message, view.message));
      before = view;
    }
  }

  #follow() {
    if (!this.#pinned) return;
    this.#scroller.scrollTop = this.#scroller.scrollHeight;
    this.#lastTop = this.#scroller.scrollTop;
  }

  #listen() {
    this.#scroller.addEventListener("scroll", () => this.#onScroll(), { passive: true });
    new ResizeObserver(() => this.#follow()).observe(this.#list);
    new ResizeObserver(() => this.#follow()).observe(this.#scroller);
    this.#jump.addEventListener("click", () => this.scrollToEnd());
    this.#list.addEventListener("click", (event) => this.#onClick(event));
    this.#list.addEventListener("change", (event) => this.#onChange(event));
    this.#scroller.addEventListener("keydown", (event) => this.#onKey(event));
    for (const kind of ["pointerover", "focusin"]) this.#list.addEventListener(kind, (event) => this.#offerToolbar(event));
  }

  /** Growing content also moves the end away from the reader: only scrolling up means that they have left it. */
  #onScroll() {
    const { scrollHeight, scrollTop, clientHeight } = this.#scroller;
    if (scrollHeight - scrollTop - clientHeight < NEAR_BOTTOM_PX) this.#pinned = true;
    else if (scrollTop < this.#lastTop) this.#pinned = false;
    this.#lastTop = scrollTop;
    if (this.#pinned) this.#jump.hidden = true;
  }

  #viewOf(event) {
    return this.#views.get(within(event, "discord-message")?.dataset.id ?? "");
  }

  #offerToolbar(event) {
    const view = this.#viewOf(event);
    if (view) this.#toolbar.visit(view, view.message.author.id === this.#room.me && !isEphemeral(view.message));
  }

  #onClick(event) {
    const view = this.#viewOf(event);
    if (!view) return;
    const button = within(event, "discord-button[data-custom-id]:not([disabled])");
    const spoiler = within(event, CLOSED_SPOILER);
    const jump = within(event, "[data-jump]");
    const channel = within(event, "discord-mention[data-channel]");
    const choice = within(event, "[data-multi-select]");
    if (button) this.#press(view, button);
    else if (spoiler) openSpoiler(spoiler);
    else if (jump) this.#visit(jump.dataset.jump ?? "");
    else if (channel) this.#deeds.visit(channel.dataset.channel ?? "");
    else if (choice) this.#deeds.select(view.message, choice.dataset.multiSelect ?? "", chosenValues(choice));
    else if (within(event, "[data-dismiss]")) this.#deeds.dismiss(view.message);
  }

  /** Whoever presses something in the newest message sees what comes of it, also where that is taller than before. */
  #press(view, button) {
    if ([...this.#views.values()].at(-1) === view) this.#pinned = true;
    this.#deeds.press(view.message, button);
  }

  #onChange(event) {
    const view = this.#viewOf(event);
    const select = /** @type {HTMLSelectElement} */ (event.target);
    if (view && select.matches("select[data-custom-id]")) this.#deeds.select(view.message, select.dataset.customId ?? "", [select.value]);
  }

  /** Arrow keys walk from message to message; Enter opens a spoiler. */
  #onKey(event) {
    const target = /** @type {HTMLElement} */ (event.target);
    const spoiler = within(event, CLOSED_SPOILER);
    const walking = target === this.#scroller || target.matches("discord-message");
    if (spoiler && [" ", "Enter"].includes(event.key)) openSpoiler(spoiler);
    else if (walking && event.key === "ArrowUp") this.#step(target, -1);
    else if (walking && event.key === "ArrowDown") this.#step(target, 1);
    else return;
    event.preventDefault();
  }

  #step(from, by) {
    const all = [...this.#views.values()].map((view) => view.element);
    const at = all.indexOf(from);
    const next = at < 0 ? all.length - 1 : Math.min(Math.max(at + by, 0), all.length - 1);
    all[next]?.focus();
  }

  #visit(id) {
    const element = this.#views.get(id)?.element;
    element?.scrollIntoView({ block: "center" });
    element?.focus();
    element?.classList.add("is-found");
    setTimeout(() => element?.classList.remove("is-found"), 1600);
  }
}

/** What was hit: the element itself or one round it. @param {Event} event @param {string} selector @returns {HTMLElement|null} */
function within(event, selector) {
  return /** @type {HTMLElement} */ (event.target).closest(selector);
}

/** @param {Message} before @param {Message} message */
function continues(before, message) {
  const apart = Date.parse(message.timestamp) - Date.parse(before.timestamp);
  const alike = before.author.id === message.author.id && isEphemeral(before) === isEphemeral(message);
  return alike && !hasHead(message) && apart < GROUP_WITHIN_MS;
}
