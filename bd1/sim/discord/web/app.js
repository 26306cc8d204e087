/** Puts the page together: the chat, the bench beside it, and what joins them. */

import { byId } from "./dom.js";
import { DROID_URL } from "./avatars.js";
import { Bench } from "./bench/bench.js";
import { Chat } from "./chat/chat.js";
import { FirstSteps } from "./first-steps.js";
import { dressComponents } from "./skin.js";
import { listenToTabs, listenToTheme, showView } from "./frame.js";

dressComponents();
for (const mark of document.querySelectorAll("img[data-droid]")) mark.setAttribute("src", DROID_URL);
listenToTheme(byId("theme"));
listenToTabs();

const chat = new Chat();
const bench = new Bench();
const steps = new FirstSteps(byId("steps"), chat, bench);

chat.onVisit = () => showView("chat");
chat.onDeed = (deed) => steps.noticeDeed(deed);
bench.onState = (state) => steps.noticeState(state);
chat.connect();
void bench.start();
