/** What stands above the first message of a channel. The first channel also says what all this is. */

import { DROID_URL } from "../avatars.js";
import { h } from "../dom.js";

const HOME = "bridge";
const INTRODUCTION = [
  "BD-1 is a Discord bot that owns one graphics card. It shares the card between a chat model and a picture generator, and acts before the card can hang its host.",
  "Talk to it here, type / for its commands, or make trouble on the bench and watch what it does.",
];

/** @param {import("../types.js").Channel} channel */
export function drawWelcome(channel) {
  if (channel.kind === "dm") return draw(droid(), channel.name, [`This is the beginning of your conversation with ${channel.name}.`]);
  if (channel.name === HOME) return draw(droid(), "Meet BD-1", INTRODUCTION);
  return draw(h("span", { class: "welcome-hash", "aria-hidden": "true" }, "#"), `Welcome to #${channel.name}`, [channel.topic]);
}

const droid = () => h("img", { src: DROID_URL, alt: "" });

function draw(mark, title, words) {
  return h("div", { class: "welcome" }, mark, h("h2", {}, title), words.filter(Boolean).map((text) => h("p", {}, text)));
}
