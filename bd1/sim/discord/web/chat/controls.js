/** Buttons and selects under a message. They carry their ids; the timeline listens for all of them in one place. */

import { h } from "../dom.js";
import { safeAddress } from "./render-markdown.js";

const STYLES = { 1: "primary", 2: "secondary", 3: "success", 4: "destructive", 5: "secondary" };
const BUTTON = 2;
const STRING_SELECT = 3;

/** @param {any[]} rows Discord's action rows. */
export function drawControls(rows) {
  return rows.map((row) => h("discord-action-row", { slot: "components" }, (row.components ?? []).map(drawControl)));
}

function drawControl(control) {
  if (control.type === BUTTON) return drawButton(control);
  if (control.type === STRING_SELECT) return (control.max_values ?? 1) > 1 ? drawMultiSelect(control) : drawSelect(control);
  return null;
}

function drawButton(button) {
  const emoji = button.emoji && (button.emoji.id ? `:${button.emoji.name}:` : button.emoji.name);
  const text = [emoji, button.label].filter(Boolean).join(" ");
  const attrs = { type: STYLES[button.style] ?? "secondary", url: button.url ? safeAddress(button.url) : null, disabled: Boolean(button.disabled) };
  const element = h("discord-button", { ...attrs, "data-custom-id": button.custom_id }, text || "Button");
  void tellDisabled(element, Boolean(button.disabled));
  return element;
}

/** The component only looks disabled; this makes it so for the keyboard and for screen readers. */
async function tellDisabled(element, disabled) {
  if (!disabled) return;
  await element.updateComplete;
  element.shadowRoot?.querySelector("button")?.setAttribute("disabled", "");
}

const optionText = (option) => [option.emoji?.name, option.label].filter(Boolean).join(" ");

function drawSelect(select) {
  const name = select.placeholder ?? "Choose one";
  const chosen = select.options.find((option) => option.default);
  const prompt = h("option", { value: "", disabled: true, hidden: true, selected: !chosen }, name);
  const options = select.options.map((option) =>
    h("option", { value: option.value, title: option.description, selected: option === chosen }, optionText(option)),
  );
  const attrs = { class: "chat-select", "aria-label": name, disabled: Boolean(select.disabled), "data-custom-id": select.custom_id };
  return h("select", attrs, prompt, options);
}

/** Several at once: a fold of checkboxes, sent together. */
function drawMultiSelect(select) {
  const boxes = select.options.map((option) =>
    h("label", {}, h("input", { type: "checkbox", value: option.value, checked: option.default }), h("span", {}, optionText(option))),
  );
  const done = h("button", { type: "button", class: "small-button", "data-multi-select": select.custom_id, disabled: Boolean(select.disabled) }, "Send choice");
  return h("details", { class: "chat-multi" }, h("summary", {}, select.placeholder ?? "Choose some"), boxes, done);
}

/** @param {HTMLElement} done The button of a multi-select. @returns {string[]} */
export function chosenValues(done) {
  const boxes = done.parentElement?.querySelectorAll("input:checked") ?? [];
  return [...boxes].map((box) => /** @type {HTMLInputElement} */ (box).value);
}
