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
  /** @type {number|null} */
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
   * @param {boolean} [chosen] Whether the first row is chosen at once; without a chosen row Enter is not for the list.
   */
  open(field, title, entries, picked, chosen = true) {
    if (entries.length === 0) return this.close();
    this.#entries = entries;
    this.#picked = picked;
    this.#field = field;
    const rows = entries.map((entry, index) => drawRow(entry, `${this.#element.id}-${index}`));
    this.#element.replaceChildren(h("div", { class: "listbox-title", role: "presentation" }, title), ...rows);
    this.#element.hidden = false;
    field.setAttribute("aria-expanded", "true");
    this.#activate(chosen ? 0 : null);
  }

  close() {
    this.#element.hidden = true;
    this.#field?.setAttribute("aria-expanded", "false");
    this.#field?.removeAttribute("aria-activedescendant");
  }

  /** @param {KeyboardEvent} event @returns {boolean} Whether the key was for the list. */
  key(event) {
    if (!this.isOpen || event.isComposing) return false;
    const picks = event.key === "Enter" || (event.key === "Tab" && !event.shiftKey);
    if (event.key === "ArrowDown") this.#activate((this.#active ?? -1) + 1);
    else if (event.key === "ArrowUp") this.#activate((this.#active ?? 0) - 1);
    else if (picks && this.#active !== null) this.#pick(this.#active);
    else if (event.key === "Escape") this.close();
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  }

  /** @param {number|null} index Counted round; null for no row. */
  #activate(index) {
    const rows = this.#element.querySelectorAll("[role=option]");
    const active = index === null ? null : (index + rows.length) % rows.length;
    this.#active = active;
    rows.forEach((row, at) => row.setAttribute("aria-selected", String(at === active)));
    if (active === null) return this.#field?.removeAttribute("aria-activedescendant");
    rows[active].scrollIntoView({ block: "nearest" });
    this.#field?.setAttribute("aria-activedescendant", rows[active].id);
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
