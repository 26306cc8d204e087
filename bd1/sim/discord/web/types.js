/**
 * The shapes both sockets speak in, for editors and type checkers. No code.
 *
 * @typedef {{id: string, name: string, bot: boolean, role: string, color: string}} Person
 * @typedef {{id: string, name: string, topic: string, kind: "text"|"dm", can_send: boolean}} Channel
 * @typedef {{name: string, value: string|number}} Choice
 * @typedef {{name: string, description: string, type: string, required: boolean, autocomplete: boolean, choices: Choice[]}} Option
 * @typedef {{name: string, description: string, options: Option[]}} Command
 *
 * @typedef {object} Message Discord's own message object, as far as the page reads it.
 * @property {string} id
 * @property {string} channel_id
 * @property {{id: string, username: string, bot?: boolean}} author
 * @property {string} content
 * @property {string} timestamp
 * @property {string|null} [edited_timestamp]
 * @property {number} [flags]
 * @property {any[]} [embeds]
 * @property {any[]} [components]
 * @property {any[]} [attachments]
 * @property {{message_id: string}|null} [message_reference]
 * @property {Message|null} [referenced_message]
 * @property {{name?: string, user: {id: string}}|null} [interaction_metadata]
 *
 * @typedef {object} Bench One state of the bench.
 * @property {number} t Seconds.
 * @property {number} total_mib
 * @property {number|null} used_mib
 * @property {number} reserved_mib
 * @property {number} ceiling_mib
 * @property {{warn: number, alert: number, protect: number}} tiers Per cent.
 * @property {"normal"|"warn"|"alert"|"protect"|"unknown"} tier
 * @property {string} mode
 * @property {boolean} switching
 * @property {boolean} down Whether BD-1 itself does not run.
 * @property {"ok"|"stalled"|"lost"} card
 * @property {{label: string, mib: number}[]} holders
 * @property {{name: string, state: string, vram_mib: number, restarts: number, note: string}[]} containers
 * @property {{id: string, label: string, hint: string, group: string, active: boolean}[]} troubles
 */

export {};
