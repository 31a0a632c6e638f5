// Sends to the door until it has answered, and says meanwhile in plain words how things stand.

import { button, el } from "./dom.js";
import { ask } from "./door.js";
import { askProven } from "./more.js";
import { say } from "./texts.js";

const FIRST_PAUSE = 4;
const LONGEST_PAUSE = 60;
// Milliseconds until a try counts as lost: a connection that has gone through a tunnel hangs far
// longer than a new one takes. Doubled, so that the slowest link gets its turn too.
const FIRST_PATIENCE = 20000;
const LONGEST_PATIENCE = 160000;

export class Insisting {
  // `body` gives what is sent, or a promise of it; `hear` is given every answer that is one: the
  // door has taken it, or refuses it for good. `words` begins the keys of what is said.
  constructor(path, body, hear, words = "insist") {
    Object.assign(this, { path, body, hear, words, timer: 0, pause: FIRST_PAUSE });
    this.patience = FIRST_PATIENCE;
    this.status = el("p", { role: "status", class: "progress" });
    this.detail = el("p");
    this.again = button(say("sending.retry"), () => this.send());
    this.again.hidden = true;
    this.actions = el("div", { class: "actions" }, this.again);
    this.root = el("div", null, this.status, this.detail, this.actions);
    this.online = () => this.send();
  }

  start() {
    addEventListener("online", this.online);
    this.send();
  }

  stop() {
    this.stopped = true;
    clearTimeout(this.timer);
    removeEventListener("online", this.online);
  }

  say(status, detail) {
    this.status.textContent = status;
    this.detail.textContent = detail;
  }

  tell(status, detail, values) {
    this.say(say(status), say(`${this.words}.${detail}`, values));
  }

  async send() {
    if (this.running || this.stopped) return;
    this.running = true;
    clearTimeout(this.timer);
    this.again.hidden = true;
    const body = await this.body();
    this.tell("sending.now", "safe");
    const proving = () => this.tell("identify.proving", "safe");
    // A place in the line of a full house is kept.
    const result = await askProven(this.path, { place: this.place, ...body }, proving, this.patience);
    this.patience = Math.min(this.patience * 2, LONGEST_PATIENCE);
    this.running = false;
    if (this.stopped) return;
    if (this.isAnswer(result)) this.hear(result);
    else this.waitFor(result);
  }

  isAnswer({ status }) {
    return status >= 200 && status < 500 && status !== 429;
  }

  waitFor({ status, data, wait }) {
    this.place = data.place || this.place;
    const seconds = wait || this.pause;
    this.pause = Math.min(this.pause * 2, LONGEST_PAUSE);
    this.tell(`${this.words}.${status ? "busy" : "offline"}`, "keep", { n: seconds });
    this.again.hidden = false;
    this.timer = setTimeout(() => this.send(), seconds * 1000);
  }
}
