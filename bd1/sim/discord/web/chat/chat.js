/** The simulated Discord: listens to its socket, and has each part of the page show what it heard. */

import { byId, setText } from "../dom.js";
import { Listbox } from "../listbox.js";
import { Line } from "../socket.js";
import { Announcer } from "./announcer.js";
import { Composer } from "./composer.js";
import { askModal } from "./modal.js";
import { Room } from "./room.js";
import { ChannelList, drawPeopleSwitch } from "./sidebar.js";
import { keepTimesTrue } from "./time.js";
import { Timeline } from "./timeline.js";
import { Typing } from "./typing.js";

const NOTICE_MS = 9000;

export class Chat {
  room = new Room();
  #line;
  #wanted = "";
  #current = "";
  #noticeTimer = 0;
  #typing = new Typing(byId("typing"));
  #announcer = new Announcer(byId("announcer"), this.room);
  #channels = new ChannelList(byId("channels"), this.room, (channel) => this.visit(channel));
  #timeline;
  composer;
  /** @type {(event: {kind: string, name?: string, channel?: string}) => void} Told what the reader did. */
  onDeed = () => {};
  /** Told when a channel was chosen, so that a phone turns to it. */
  onVisit = () => {};

  constructor() {
    this.#line = new Line("/ui/socket", { opened: () => this.#identify(), heard: (message) => this.#hear(message), lost: () => this.#setLost(true) });
    const places = { scroller: byId("scroller"), list: byId("messages"), jump: byId("jump") };
    this.#timeline = new Timeline(places, this.room, this.#deeds());
    const fields = { form: byId("composer"), field: byId("say"), reply: byId("replying"), command: byId("command"), hint: byId("hint"), send: byId("send") };
    this.composer = new Composer(fields, this.room, new Listbox(byId("picker")), this.#outlet());
    keepTimesTrue(byId("messages"));
  }

  connect() {
    this.#line.connect();
  }

  /** @param {string} channel */
  visit(channel) {
    if (channel !== this.#current) this.#open(channel);
    this.onVisit();
  }

  /** @param {string} name @returns {string|undefined} The id of the channel of that name. */
  channelNamed(name) {
    return [...this.room.channels.values()].find((channel) => channel.name === name)?.id;
  }

  #identify() {
    this.#line.send({ op: "identify", user: this.#wanted || null });
  }

  #become(person) {
    this.#wanted = person;
    this.#identify();
  }

  #hear(message) {
    const ears = {
      hello: () => this.#onHello(message),
      messages: () => this.#onHistory(String(message.channel), message.messages),
      message: () => this.#onMessage(message.message),
      message_update: () => this.#onMessage(message.message),
      message_delete: () => this.#onDelete(String(message.channel), message.id),
      typing: () => this.#onTyping(message),
      modal: () => void this.#onModal(message),
      commands: () => this.#onCommands(message.commands),
      presence: () => this.#setPresence(message.bot_online),
      failed: () => this.#notice(message.text),
    };
    ears[message.op]?.();
  }

  #onHello(hello) {
    this.room.enter(hello);
    this.#wanted = this.room.me;
    this.#setLost(false);
    this.#typing.clear();
    this.#channels.forget();
    setText(byId("guild"), this.room.guild);
    drawPeopleSwitch(byId("people"), this.room, (person) => this.#become(person));
    this.#setPresence(hello.bot_online);
    const again = this.room.channels.has(this.#current);
    this.#open(again ? this.#current : (this.room.channels.keys().next().value ?? ""));
  }

  #open(id) {
    const channel = this.room.channels.get(id);
    if (!channel) return;
    this.#current = id;
    const direct = channel.kind === "dm";
    setText(byId("channel-mark"), direct ? "@" : "#");
    setText(byId("channel-title"), channel.name);
    setText(byId("channel-topic"), channel.topic ?? "");
    document.title = `${direct ? "@" : "#"}${channel.name} · BD-1 demo`;
    this.#typing.clear();
    this.#channels.select(id);
    this.#timeline.show(channel);
    this.composer.enter(channel);
    this.#tellUnread();
    if (!this.room.knows(id)) this.#line.send({ op: "history", channel: id, ref: 0 });
  }

  #onHistory(channel, messages) {
    this.room.setHistory(channel, messages);
    const shown = this.room.channels.get(channel);
    if (channel === this.#current && shown) this.#timeline.show(shown);
  }

  #onMessage(message) {
    const isNew = this.room.put(message);
    this.#typing.stopped(this.#nameOf(message.author));
    if (message.channel_id === this.#current) {
      this.#timeline.put(message);
      this.#announcer.heard(message);
    } else if (isNew && message.author.id !== this.room.me) {
      this.#channels.markUnread(message.channel_id, this.room.mentionsMe(message));
      this.#tellUnread();
    }
  }

  /** The bot has other commands now: a list that is open shows them. */
  #onCommands(commands) {
    this.room.commands = commands;
    this.composer.commandsChanged();
  }

  #onDelete(channel, id) {
    this.room.remove(channel, id);
    if (channel === this.#current) this.#timeline.remove(id);
  }

  #onTyping({ channel, user }) {
    const person = this.room.people.get(String(user));
    if (String(channel) === this.#current && person && person.id !== this.room.me) this.#typing.started(person.name);
  }

  async #onModal(modal) {
    const fields = await askModal(byId("modal"), modal);
    if (!fields) return;
    await this.#tell({ op: "modal", interaction: modal.interaction, custom_id: modal.custom_id, fields });
  }

  #nameOf(author) {
    return this.room.people.get(author.id)?.name ?? author.username;
  }

  #setPresence(online) {
    this.room.botOnline = online;
    byId("offline").hidden = online;
    this.#channels.draw();
  }

  #setLost(lost) {
    byId("reconnecting").hidden = !lost;
  }

  #tellUnread() {
    const count = this.#channels.unreadCount;
    const badge = byId("tab-unread");
    badge.hidden = count === 0;
    setText(badge, String(count));
  }

  /** Said above the composer; gone by itself after a while. */
  #notice(text) {
    const element = byId("notice");
    element.textContent = text;
    element.hidden = false;
    clearTimeout(this.#noticeTimer);
    this.#noticeTimer = setTimeout(() => (element.hidden = true), NOTICE_MS);
  }

  /** @returns {import("./timeline.js").Deeds} */
  #deeds() {
    return {
      press: (message, control) => void this.#press(message, control),
      select: (message, customId, values) => void this.#select(message, customId, values),
      reply: (message) => this.composer.setReply(message),
      remove: (message) => void this.#tell({ op: "delete", channel: message.channel_id, message: message.id }),
      dismiss: (message) => this.#dismiss(message),
      visit: (channel) => this.visit(channel),
    };
  }

  async #press(message, control) {
    if (control.classList.contains("is-pending")) return;
    control.classList.add("is-pending");
    const where = { channel: message.channel_id, message: message.id, custom_id: control.dataset.customId };
    const reply = await this.#ask({ op: "click", ...where });
    control.classList.remove("is-pending");
    if (reply.op === "failed") this.#timeline.complain(message.id, reply.text);
  }

  /** Gone from this page at once; the server is asked to forget it too. */
  #dismiss(message) {
    this.room.dismiss(message);
    this.#timeline.remove(message.id);
    void this.#line.ask({ op: "delete", channel: message.channel_id, message: message.id });
  }

  async #select(message, customId, values) {
    const where = { channel: message.channel_id, message: message.id, custom_id: customId };
    const reply = await this.#ask({ op: "select", ...where, values });
    if (reply.op === "failed") this.#timeline.complain(message.id, reply.text);
  }

  /** @returns {import("./composer.js").Outlet} */
  #outlet() {
    return {
      say: (content, replyTo) => {
        this.#timeline.scrollToEnd();
        this.onDeed({ kind: "say", channel: this.#current });
        return this.#tell({ op: "say", channel: this.#current, content, reply_to: replyTo });
      },
      command: (name, options) => {
        this.#timeline.scrollToEnd();
        this.onDeed({ kind: "command", name, channel: this.#current });
        return this.#tell({ op: "command", channel: this.#current, name, options });
      },
      autocomplete: async (name, options, focused) => {
        const reply = await this.#line.ask({ op: "autocomplete", channel: this.#current, name, options, focused });
        return reply.choices ?? [];
      },
    };
  }

  /** The answer to a request; a form that comes as the answer is shown. */
  async #ask(message) {
    const reply = await this.#line.ask(message);
    if (reply.op === "modal") void this.#onModal(reply);
    return reply;
  }

  async #tell(message) {
    const reply = await this.#ask(message);
    if (reply.op === "failed") this.#notice(reply.text);
    return reply.op !== "failed";
  }
}
