/** A form that the bot asks a person to fill in. */

import { h } from "../dom.js";

const ACTION_ROW = 1;
const TEXT_INPUT = 4;
const LABEL = 18;
const PARAGRAPH = 2;

/**
 * Show the form and wait for it.
 * @param {HTMLDialogElement} dialog
 * @param {{title: string, components: any[]}} modal
 * @returns {Promise<Record<string, string>|null>} The fields by custom_id, or null when it was closed.
 */
export function askModal(dialog, modal) {
  const form = h("form", { method: "dialog", class: "modal" }, [
    h("h2", { id: "modal-title" }, modal.title),
    modal.components.flatMap(inputsOf).map(drawInput),
    h("div", { class: "modal-deeds" }, [
      h("button", { type: "button", class: "button", onclick: () => dialog.close() }, "Cancel"),
      h("button", { type: "submit", class: "button is-primary", value: "send" }, "Send"),
    ]),
  ]);
  dialog.replaceChildren(form);
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "send" ? fieldsOf(form) : null), { once: true });
  });
}

function inputsOf(component) {
  if (component.type === ACTION_ROW) return component.components.filter(({ type }) => type === TEXT_INPUT);
  if (component.type === LABEL && component.component?.type === TEXT_INPUT) {
    return [{ ...component.component, label: component.label, description: component.description }];
  }
  return [];
}

function drawInput(input) {
  const limits = { minlength: input.min_length, maxlength: input.max_length, required: input.required ?? true };
  const attrs = { name: input.custom_id, placeholder: input.placeholder, ...limits };
  const field = input.style === PARAGRAPH ? h("textarea", { ...attrs, rows: 4 }, input.value) : h("input", { type: "text", ...attrs, value: input.value });
  return h("label", { class: "modal-field" }, h("span", {}, input.label, limits.required && h("b", { "aria-hidden": "true" }, " *")), input.description && h("small", {}, input.description), field);
}

function fieldsOf(form) {
  return Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value)]));
}
