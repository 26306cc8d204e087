/** Everything the page knows of the simulated Discord: people, channels, commands, messages. Draws nothing. */

/** @typedef {import("../types.js").Person} Person */
/** @typedef {import("../types.js").Channel} Channel */
/** @typedef {import("../types.js").Command} Command */
/** @typedef {import("../types.js").Message} Message */

export class Room {
  guild = "";
  /** @type {string} */
  me = "";
  botOnline = false;
  /** @type {Map<string, Person>} */
  people = new Map();
  /** @type {Map<string, Channel>} */
  channels = new Map();
  /** @type {Command[]} */
  commands = [];
  /** @type {Map<string, Message[]>} Oldest first. */
  #messages = new Map();
  /** @type {Map<string, string>} Names of roles, where the server tells them. */
  #roles = new Map();
  /** @type {Set<string>} Ephemeral messages that were dismissed: gone for this reader. */
  #dismissed = new Set();

  /** Begin anew as the person named in the server's greeting. @param {any} hello */
  enter(hello) {
    this.guild = hello.guild.name;
    this.me = String(hello.me);
    this.botOnline = hello.bot_online;
    this.people = new Map(hello.users.map((person) => [String(person.id), { ...person, id: String(person.id) }]));
    this.channels = new Map(hello.channels.map((channel) => [String(channel.id), { ...channel, id: String(channel.id) }]));
    this.commands = hello.commands;
    this.#roles = new Map((hello.roles ?? []).map((role) => [String(role.id), role.name]));
    this.#messages.clear();
    this.#dismissed.clear();
  }

  /** @returns {Person|undefined} */
  get bot() {
    return [...this.people.values()].find((person) => person.bot);
  }

  /** @param {string} channel */
  messages(channel) {
    return this.#messages.get(channel) ?? [];
  }

  /** @param {string} channel Whether its history has come. */
  knows(channel) {
    return this.#messages.has(channel);
  }

  /** @param {string} channel @param {string} id */
  message(channel, id) {
    return this.messages(channel).find((message) => message.id === id);
  }

  /** @param {string} channel @param {Message[]} messages In any order. */
  setHistory(channel, messages) {
    const kept = messages.filter((message) => !this.#dismissed.has(message.id));
    this.#messages.set(channel, kept.sort(byAge));
  }

  /** Add a message, or put it in the place of its older self. @param {Message} message @returns {boolean} Whether it is new. */
  put(message) {
    if (this.#dismissed.has(message.id)) return false;
    const list = this.messages(message.channel_id);
    const at = list.findIndex((other) => other.id === message.id);
    if (at >= 0) list[at] = message;
    else this.#messages.set(message.channel_id, [...list, message].sort(byAge));
    return at < 0;
  }

  /** @param {string} channel @param {string} id */
  remove(channel, id) {
    this.#messages.set(channel, this.messages(channel).filter((message) => message.id !== id));
  }

  /** @param {Message} message An ephemeral one. */
  dismiss(message) {
    this.#dismissed.add(message.id);
    this.remove(message.channel_id, message.id);
  }

  /** How ids are said in text. @returns {import("./render-markdown.js").Names} */
  get names() {
    return {
      user: (id) => this.people.get(id)?.name ?? "unknown-user",
      channel: (id) => this.channels.get(id)?.name ?? "unknown-channel",
      role: (id) => this.#roles.get(id) ?? "role",
      me: this.me,
    };
  }

  /** Whether a message calls the reader by name. @param {Message} message */
  mentionsMe(message) {
    return message.author.id !== this.me && new RegExp(`<@!?${this.me}>|@everyone|@here`).test(message.content);
  }
}

const byAge = (a, b) => (BigInt(a.id) < BigInt(b.id) ? -1 : 1);
