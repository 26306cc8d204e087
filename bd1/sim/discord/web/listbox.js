/** A list to pick from with the keyboard or a pointer, while the focus stays in a text field. */

import { h } from "./dom.js";

/**
 * @typedef {object} Entry
 * @property {string} label
 * @property {string} [detail]
 * @property {string} [note] Shown small at the end of the row.
 * @property {any} value
 */

export class Listbox {
  #element;
  /** @type {Entry[]} */
  #entries = [];
  #active = 0;
  /** @type {HTMLElement|null} */
  #field = null;
  /** @type {(entry: Entry) => void} */
  #picked = () => {};

  /** @param {HTMLElement} element Where the rows are drawn; hidden while there is nothing to pick. */
  constructor(element) {
    this.#element = element;
    element.addEventListener("pointerdown", (event) => this.#onPointer(event));
  }

  get isOpen() {
    return !this.#element.hidden;
  }

  /**
   * @param {HTMLElement} field The text field it belongs to.
   * @param {string} title
   * @param {Entry[]} entries None closes it.
   * @param {(entry: Entry) => void} picked
   */
  open(field, title, entries, picked) {
    if (entries.length === 0) return this.close();
    this.#entries = entries;
    this.#picked = picked;
    this.#field = field;
    const rows = entries.map((entry, index) => drawRow(entry, `${this.#element.id}-${index}`));
    this.#element.replaceChildren(h("div", { class: "listbox-title", role: "presentation" }, title), ...rows);
    this.#element.hidden = false;
    field.setAttribute("aria-expanded", "true");
    this.#activate(0);
  }

  close() {
    this.#element.hidden = true;
    this.#field?.setAttribute("aria-expanded", "false");
    this.#field?.removeAttribute("aria-activedescendant");
  }

  /** @param {KeyboardEvent} event @returns {boolean} Whether the key was for the list. */
  key(event) {
    if (!this.isOpen || event.isComposing) return false;
    const moves = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in moves) this.#activate(this.#active + moves[event.key]);
    else if (event.key === "Enter" || (event.key === "Tab" && !event.shiftKey)) this.#pick(this.#active);
    else if (event.key === "Escape") this.close();
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  }

  #activate(index) {
    const rows = this.#element.querySelectorAll("[role=option]");
    this.#active = (index + rows.length) % rows.length;
    rows.forEach((row, at) => row.setAttribute("aria-selected", String(at === this.#active)));
    rows[this.#active].scrollIntoView({ block: "nearest" });
    this.#field?.setAttribute("aria-activedescendant", rows[this.#active].id);
  }

  #pick(index) {
    this.close();
    this.#picked(this.#entries[index]);
  }

  /** On the press, before the field can lose the focus. */
  #onPointer(event) {
    event.preventDefault();
    const row = /** @type {HTMLElement} */ (event.target).closest("[role=option]");
    if (row) this.#pick([...this.#element.querySelectorAll("[role=option]")].indexOf(row));
  }
}

function drawRow(entry, id) {
  return h("div", { role: "option", id, "aria-selected": "false" }, [
    h("span", { class: "row-label" }, entry.label),
    entry.detail && h("span", { class: "row-detail" }, entry.detail),
    entry.note && h("span", { class: "row-note" }, entry.note),
  ]);
}
