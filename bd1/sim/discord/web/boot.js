/* What must be settled before anything is drawn: the colour theme, and that no avatar ever comes from outside. */
"use strict";

(() => {
  const KEY = "bd1-theme";
  const dark = matchMedia("(prefers-color-scheme: dark)");

  const stored = () => {
    try {
      return localStorage.getItem(KEY);
    } catch {
      return null; // storage may be switched off; the system's preference then decides
    }
  };
  const apply = () => {
    document.documentElement.dataset.theme = stored() ?? (dark.matches ? "dark" : "light");
  };

  apply();
  dark.addEventListener("change", apply);
  document.addEventListener("bd1-theme", (event) => {
    try {
      localStorage.setItem(KEY, event.detail);
    } catch {
      // nothing to remember it in: it holds until the page is loaded again
    }
    document.documentElement.dataset.theme = event.detail;
  });

  window.$discordMessage = { avatars: { default: "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg'/%3E" } };
})();
