/** The frame around chat and bench: the colour theme, and on a phone which of the views is on show. */

const VIEWS = ["channels", "chat", "bench"];

/** @param {string} view One of "channels", "chat", "bench". Only a phone shows one at a time. */
export function showView(view) {
  document.body.dataset.view = view;
  for (const tab of document.querySelectorAll("[data-tab]")) {
    tab.setAttribute("aria-pressed", String(/** @type {HTMLElement} */ (tab).dataset.tab === view));
  }
}

export function listenToTabs() {
  for (const tab of document.querySelectorAll("[data-tab]")) {
    tab.addEventListener("click", () => showView(/** @type {HTMLElement} */ (tab).dataset.tab ?? VIEWS[1]));
  }
  showView("chat");
}

/** @param {HTMLElement} button */
export function listenToTheme(button) {
  button.addEventListener("click", () => {
    const next = document.documentElement.dataset.theme === "dark" ? "light" : "dark";
    document.dispatchEvent(new CustomEvent("bd1-theme", { detail: next }));
  });
}
