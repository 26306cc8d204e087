/** One WebSocket that comes back by itself. Knows JSON and waiting, nothing of what is said. */

const FIRST_WAIT_MS = 400;
const LONGEST_WAIT_MS = 8000;

/**
 * @typedef {object} Ears
 * @property {() => void} [opened]
 * @property {(message: any) => void} heard
 * @property {() => void} [lost]
 */

export class Line {
  #path;
  #ears;
  /** @type {WebSocket|null} */
  #socket = null;
  #waitMs = FIRST_WAIT_MS;
  #lastRef = 0;
  /** @type {Map<number, (reply: any) => void>} */
  #waiting = new Map();

  /** @param {string} path @param {Ears} ears */
  constructor(path, ears) {
    this.#path = path;
    this.#ears = ears;
  }

  /** Open the line, and open it again whenever it breaks, each time a little later. */
  connect() {
    const address = new URL(this.#path, location.href);
    address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
    this.#socket = new WebSocket(address);
    this.#socket.addEventListener("open", () => this.#onOpen());
    this.#socket.addEventListener("message", (event) => this.#onMessage(JSON.parse(event.data)));
    this.#socket.addEventListener("close", () => this.#onClose());
  }

  /** @param {object} message Dropped while the line is down: the page says "reconnecting" then. */
  send(message) {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  }

  /**
   * Send with a reference, and wait for the answer that carries it.
   * @param {object} message
   * @returns {Promise<any>} The answer: an object with `op` "done", "failed" or "choices". Never rejects.
   */
  ask(message) {
    if (this.#socket?.readyState !== WebSocket.OPEN) return Promise.resolve(NOT_SENT);
    const ref = (this.#lastRef += 1);
    return new Promise((resolve) => {
      this.#waiting.set(ref, resolve);
      this.send({ ...message, ref });
    });
  }

  #onOpen() {
    this.#waitMs = FIRST_WAIT_MS;
    this.#ears.opened?.();
  }

  #onMessage(message) {
    const answered = message.ref !== undefined && this.#waiting.get(message.ref);
    if (answered) {
      this.#waiting.delete(message.ref);
      answered(message);
    } else {
      this.#ears.heard(message);
    }
  }

  #onClose() {
    for (const answer of this.#waiting.values()) answer(NOT_SENT);
    this.#waiting.clear();
    this.#ears.lost?.();
    setTimeout(() => this.connect(), this.#waitMs);
    this.#waitMs = Math.min(this.#waitMs * 2, LONGEST_WAIT_MS);
  }
}

const NOT_SENT = Object.freeze({ op: "failed", text: "The connection to the demo is down. Try again in a moment." });
