/**
 * Dresses the web components in the page's own colours. They keep their styles in shadow roots, so a sheet is added to
 * each class before its first element is drawn; every colour in it is a custom property that the theme sets.
 */

const FONT = "font-family: inherit;";

/** @type {Record<string, string>} */
const SHEETS = {
  "discord-message": `
    :host { ${FONT} color: var(--text); font-size: 1rem; line-height: 1.375; padding: 2px 16px 2px 16px; }
    :host(:hover) { background-color: var(--hover); }
    .discord-author-avatar { margin-top: 3px; }
    .discord-author-avatar img { cursor: default; background: var(--raised); }
    .discord-message-content { min-width: 0; line-height: 1.375; padding-top: 0; }
    .discord-message-timestamp { color: var(--faint); font-size: .75rem; }
    .discord-message-body { word-break: normal; overflow-wrap: anywhere; font-size: .9688rem; }
    .discord-message-markup { display: block; font-size: inherit; line-height: inherit; }
    .discord-message-inner-center { align-items: flex-start; }
    .discord-message-body-only-indent { flex: none; width: 56px; font-size: .6875rem; line-height: 1.375rem; margin-left: 0; }`,
  "discord-author-info": `
    :host { font-size: 1rem; }
    :host .discord-author-username { color: var(--strong); font-weight: 600; cursor: default; }
    :host .discord-author-username:hover { text-decoration: none; }`,
  "discord-verified-author-tag": `
    :host { background: var(--accent); color: var(--on-accent); font-weight: 650; letter-spacing: .02em; border-radius: 4px; padding: 0 .35rem; }`,
  "discord-reply": `
    :host { ${FONT} color: var(--soft); min-width: 0; }
    :host::before { border-color: var(--line-strong) !important; }
    .discord-replied-message-username { color: var(--strong); opacity: 1; cursor: default; }
    .discord-replied-message-content { min-width: 0; overflow: hidden; }
    .discord-application-tag { background: var(--accent); color: var(--on-accent); border-radius: 4px; }`,
  "discord-command": `
    :host { ${FONT} color: var(--soft); }
    :host::before { border-color: var(--line-strong) !important; }
    .discord-replied-message-username { color: var(--strong); opacity: 1; cursor: default; }
    :host .discord-slash-command-name, :host .discord-slash-command-name:hover { color: var(--link) !important; background: var(--accent-soft); border-radius: 4px; }`,
  "discord-embed": `
    :host { color: var(--text); margin: 6px 0 4px; font-size: .875rem; max-width: 540px; min-width: 0; }
    :host .discord-left-border { background-color: var(--line-strong); border-radius: 6px 0 0 6px; }
    :host .discord-embed-root { flex: 0 1 auto; }
    :host .discord-embed-wrapper { background: var(--raised); border: 1px solid var(--line); border-left: 0; border-radius: 0 6px 6px 0; max-width: 100%; }
    :host .discord-embed-wrapper .discord-embed-grid { padding: .375rem 1rem .875rem .875rem; grid-template-columns: minmax(0, 1fr) auto; }`,
  "discord-embed-field": `:host { font-size: .875rem; line-height: 1.3; grid-column: auto; }`,
  "discord-embed-fields": `:host { grid-template-columns: repeat(12, minmax(0, 1fr)); grid-gap: 10px 8px; }`,
  "discord-embed-description": `:host { font-size: .875rem; line-height: 1.4; overflow-wrap: anywhere; }`,
  "discord-embed-footer": `:host { color: var(--soft); font-weight: 400; }`,
  "discord-file-attachment": `
    .discord-file-attachment-mosaic-style { background: var(--raised); border-color: var(--line); width: 360px; padding: 12px; }
    .discord-file-attachment-icon { filter: hue-rotate(-50deg) saturate(.6); }
    .discord-file-attachment-metadata { color: var(--soft); }`,
  "discord-link": `a { color: var(--link); }`,
  "discord-button": `
    :host > *:first-child { ${FONT} margin: 4px 8px 4px 0; min-height: 32px; height: auto; padding: 0 14px; border-radius: 7px; box-sizing: border-box; gap: 4px; font-weight: 550; max-width: 100%; transition: filter .15s ease; }
    :host > *:first-child:focus-visible { outline: 2px solid var(--focus); outline-offset: 2px; }
    .primary, .primary.hoverable:hover { background: var(--accent); color: var(--on-accent); }
    .secondary, .secondary.hoverable:hover { background: var(--button); color: var(--strong); }
    .success, .success.hoverable:hover { background: var(--good-fill); color: #fff; }
    .destructive, .destructive.hoverable:hover { background: var(--bad-fill); color: #fff; }
    .hoverable:hover, a:hover { filter: brightness(1.1); }
    :host(.is-pending) > * { opacity: .6; cursor: progress; }
    @media (prefers-reduced-motion: reduce) { :host > *:first-child { transition: none; } }`,
  "discord-mention": `
    :host { color: var(--link); background: var(--accent-soft); border-radius: 4px; cursor: default; }
    :host([type="channel"]) { cursor: pointer; }
    :host(:hover) { color: var(--link); background: var(--accent-soft); }
    .discord-mention-icon { margin-right: 2px; }`,
};

/** Add the sheets. To be called once, before the first component is on the page. */
export function dressComponents() {
  for (const [name, rules] of Object.entries(SHEETS)) {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(rules);
    const component = /** @type {any} */ (customElements.get(name));
    component.elementStyles.push(sheet);
  }
}
