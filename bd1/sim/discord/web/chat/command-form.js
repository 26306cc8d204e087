/** A slash command being filled in: one small field for each option, with live choices. */

import { h, setText } from "../dom.js";

/** @typedef {import("../types.js").Command} Command */
/** @typedef {import("../types.js").Option} Option */

const MOST_CHOICES = 25;

export class CommandForm {
  #places;
  #room;
  #listbox;
  #outlet;
  #left;
  /** @type {Command|null} */
  #command = null;
  /** @type {Map<string, {input: HTMLInputElement, picked: import("../types.js").Choice|null}>} */
  #filled = new Map();
  #asked = 0;

  /**
   * @param {{command: HTMLElement, hint: HTMLElement}} places
   * @param {import("./room.js").Room} room
   * @param {import("../listbox.js").Listbox} listbox
   * @param {import("./composer.js").Outlet} outlet
   * @param {() => void} left Told when the form closes.
   */
  constructor(places, room, listbox, outlet, left) {
    this.#places = places;
    this.#room = room;
    this.#listbox = listbox;
    this.#outlet = outlet;
    this.#left = left;
    places.command.addEventListener("keydown", (event) => this.#onKey(event));
  }

  get isOpen() {
    return this.#command !== null;
  }

  /** @param {Command} command @param {Record<string, any>} values Options that are known already. */
  open(command, values) {
    this.#command = command;
    this.#filled.clear();
    const asked = command.options.filter((option) => option.required || option.name in values);
    const shown = asked.length ? asked : command.options.slice(0, 1);
    this.#places.command.replaceChildren(h("span", { class: "command-name", tabindex: "-1" }, `/${command.name}`));
    this.#places.command.hidden = false;
    for (const option of shown) this.#addField(option, values[option.name]);
    this.#drawMore();
    setText(this.#places.hint, command.description);
    this.#focusFirstEmpty();
  }

  /** Write into the first option, as a person would. @param {string} text */
  type(text) {
    const input = this.#filled.values().next().value?.input;
    if (!input) return;
    input.value = text;
    input.dispatchEvent(new Event("input"));
  }

  close() {
    if (!this.#command) return;
    this.#command = null;
    this.#listbox.close();
    this.#places.command.hidden = true;
    this.#places.command.replaceChildren();
    setText(this.#places.hint, "");
    this.#left();
  }

  /** Send it, if what is required is there and each value is one that the option takes. */
  async submit() {
    if (!this.#command) return;
    const { name, options } = this.#command;
    const values = {};
    for (const option of options) {
      const entry = this.#filled.get(option.name);
      const value = entry ? valueOf(option, entry) : undefined;
      const trouble = troubleWith(option, value, entry?.input.value.trim());
      if (trouble) return this.#complain(option, trouble);
      if (value !== undefined) values[option.name] = value;
    }
    this.close();
    await this.#outlet.command(name, values);
  }

  #complain(option, trouble) {
    const input = this.#filled.get(option.name)?.input;
    input?.setAttribute("aria-invalid", "true");
    input?.focus();
    setText(this.#places.hint, trouble); // after the focus, which brings the option's own hint
  }

  #addField(option, value) {
    const choice = value === undefined ? null : (this.#staticChoices(option).find((one) => one.value === value) ?? { name: String(value), value });
    const attrs = { type: "text", autocomplete: "off", role: "combobox", "aria-expanded": "false", "aria-controls": "picker", "aria-autocomplete": "list", spellcheck: "false" };
    const input = h("input", { ...attrs, value: choice?.name ?? "", "aria-label": `${option.name}, ${option.required ? "required" : "optional"}: ${option.description}` });
    this.#filled.set(option.name, { input, picked: choice });
    input.addEventListener("input", () => this.#onInput(option));
    input.addEventListener("focus", () => this.#onFocus(option));
    input.addEventListener("blur", () => this.#listbox.close());
    fit(input);
    const field = h("label", { class: `option ${option.required ? "is-required" : ""}` }, h("span", {}, option.name), input);
    this.#places.command.querySelector(".option-more")?.before(field) ?? this.#places.command.append(field);
    return input;
  }

  /** Chips for the optional options that are not there yet. */
  #drawMore() {
    this.#places.command.querySelector(".option-more")?.remove();
    const rest = this.#command?.options.filter((option) => !this.#filled.has(option.name)) ?? [];
    const chips = rest.map((option) => h("button", { type: "button", class: "option-chip", title: option.description, onclick: () => this.#addOptional(option) }, `+ ${option.name}`));
    if (chips.length) this.#places.command.append(h("span", { class: "option-more" }, chips));
  }

  #addOptional(option) {
    const input = this.#addField(option, undefined);
    this.#drawMore();
    input.focus();
  }

  #focusFirstEmpty() {
    const inputs = [...this.#filled.values()].map(({ input }) => input);
    const target = inputs.find((input) => !input.value) ?? inputs.at(-1) ?? this.#places.command.querySelector(".command-name");
    /** @type {HTMLElement} */ (target)?.focus();
  }

  #onFocus(option) {
    setText(this.#places.hint, `${option.name}: ${option.description}${option.required ? "" : " (optional)"}`);
    void this.#offer(option);
  }

  #onInput(option) {
    const entry = this.#filled.get(option.name);
    if (!entry) return;
    entry.picked = null;
    entry.input.removeAttribute("aria-invalid");
    fit(entry.input);
    void this.#offer(option);
  }

  async #offer(option) {
    const entry = this.#filled.get(option.name);
    if (!entry || entry.picked) return this.#listbox.close();
    const typed = entry.input.value.toLowerCase();
    const asked = (this.#asked += 1);
    const choices = option.autocomplete ? await this.#askServer(option) : this.#staticChoices(option).filter((choice) => choice.name.toLowerCase().includes(typed));
    if (asked !== this.#asked || document.activeElement !== entry.input) return;
    const entries = choices.slice(0, MOST_CHOICES).map((choice) => ({ label: choice.name, value: choice }));
    const mayBeEmpty = !option.required && typed === "";
    const title = mayBeEmpty ? `${option.name}: choose with ↓, or press Enter to leave it out` : `${option.name}: choose, or type on`;
    this.#listbox.open(entry.input, title, entries, ({ value }) => this.#choose(option, value), !mayBeEmpty);
  }

  #askServer(option) {
    const raw = [...this.#filled].map(([name, { input, picked }]) => [name, picked?.value ?? input.value]);
    return this.#outlet.autocomplete(this.#command?.name ?? "", Object.fromEntries(raw.filter(([name, value]) => value !== "" || name === option.name)), option.name);
  }

  #choose(option, choice) {
    const entry = this.#filled.get(option.name);
    if (!entry) return;
    entry.picked = choice;
    this.#asked += 1; // an answer that is still on its way comes too late
    entry.input.value = choice.name;
    fit(entry.input);
    const inputs = [...this.#filled.values()].map(({ input }) => input);
    inputs.slice(inputs.indexOf(entry.input) + 1).find((input) => !input.value)?.focus();
  }

  #staticChoices(option) {
    if (option.choices?.length) return option.choices;
    if (option.type === "boolean") return [{ name: "True", value: true }, { name: "False", value: false }];
    if (option.type === "user") return [...this.#room.people.values()].map(({ id, name }) => ({ name, value: id }));
    if (option.type === "channel") return [...this.#room.channels.values()].map(({ id, name }) => ({ name: `#${name}`, value: id }));
    return [];
  }

  #onKey(event) {
    if (this.#listbox.key(event)) return;
    const first = this.#filled.values().next().value?.input;
    const atStart = event.target === first && first?.value === "" && event.key === "Backspace";
    const onName = /** @type {HTMLElement} */ (event.target).matches(".command-name");
    if (event.key === "Escape" || atStart || (onName && event.key === "Backspace")) this.close();
    else if (event.key === "Enter" && !(event.target instanceof HTMLButtonElement)) void this.submit();
    else return;
    event.preventDefault();
  }
}

function valueOf(option, { input, picked }) {
  const text = input.value.trim();
  if (picked) return picked.value;
  if (text === "") return undefined;
  const named = option.choices?.find((choice) => choice.name.toLowerCase() === text.toLowerCase() || String(choice.value) === text);
  if (named) return named.value;
  if (option.type === "boolean") return { true: true, false: false }[text.toLowerCase()];
  return ["integer", "number"].includes(option.type) ? Number(text) : text;
}

function troubleWith(option, value, typed) {
  if (option.required && !typed) return `${option.name} is required: ${option.description}`;
  if (value === undefined && typed) return `${option.name} takes True or False.`;
  if (option.choices?.length && value !== undefined && !option.choices.some((choice) => choice.value === value)) {
    return `${option.name} takes one of: ${option.choices.map((choice) => choice.name).join(", ")}.`;
  }
  if (option.type === "integer" && value !== undefined && !Number.isInteger(value)) return `${option.name} takes a whole number.`;
  return Number.isNaN(value) ? `${option.name} takes a number.` : null;
}

/** As wide as what is in it. */
function fit(input) {
  input.size = Math.max(6, Math.min(input.value.length + 1, 40));
}
