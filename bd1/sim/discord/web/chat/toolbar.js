/** The one small bar of deeds that follows the reader from message to message. */

import { h, icon } from "../dom.js";

const REPLY = "M9 8L4 13l5 5M4 13h9c4 0 7 2 7 6";
const DELETE = "M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13M10 11v5M14 11v5";

/** @typedef {import("./message.js").MessageView} MessageView */

export class Toolbar {
  /** @type {MessageView|null} */
  #view = null;
  #element;
  #remove;

  /** @param {{reply: (message: any) => void, remove: (message: any) => void}} deeds */
  constructor(deeds) {
    const act = (deed) => () => this.#view && deed(this.#view.message);
    const reply = h("button", { type: "button", title: "Reply", "aria-label": "Reply to this message", onclick: act(deeds.reply) }, icon(REPLY));
    this.#remove = h("button", { type: "button", title: "Delete", "aria-label": "Delete this message", onclick: act(deeds.remove) }, icon(DELETE));
    this.#element = h("div", { class: "toolbar", slot: "thread" }, reply, this.#remove);
  }

  /** @param {MessageView} view @param {boolean} mayRemove */
  visit(view, mayRemove) {
    if (this.#view === view) return;
    this.#view = view;
    this.#remove.hidden = !mayRemove;
    view.element.append(this.#element);
  }

  /** The message with this id goes away: wait outside. @param {string} id */
  leave(id) {
    if (this.#view?.message.id !== id) return;
    this.#element.remove();
    this.#view = null;
  }
}
