// Sends to the door until it has answered, and says meanwhile in plain words how things stand.

import { button, el } from "../dom.js";
import { ask } from "../door.js";
import { say } from "../texts.js";
import { solveChallenge } from "./proof.js";

const FIRST_PAUSE = 4;
const LONGEST_PAUSE = 60;

// `settle` is given every answer that is one: the door has taken it, or refuses it for good.
export class Insisting {
  constructor(path, body, settle) {
    Object.assign(this, { path, body, settle, timer: 0, pause: FIRST_PAUSE });
    this.status = el("p", { role: "status", class: "progress" });
    this.detail = el("p");
    this.again = button(say("sending.retry"), () => this.send());
    this.again.hidden = true;
    this.root = el("div", null, this.status, this.detail, el("p", null, this.again));
    this.online = () => this.send();
  }

  start() {
    addEventListener("online", this.online);
    return this.send();
  }

  stop() {
    this.stopped = true;
    clearTimeout(this.timer);
    removeEventListener("online", this.online);
  }

  tell(status, detail) {
    this.status.textContent = status;
    this.detail.textContent = detail;
  }

  async send() {
    if (this.running || this.stopped) return;
    this.running = true;
    clearTimeout(this.timer);
    this.again.hidden = true;
    this.tell(say("sending.now"), say("insist.safe"));
    let result = await ask(this.path, this.body);
    if (result.data.challenge && !this.stopped) result = await this.prove(result.data.challenge);
    this.running = false;
    if (!this.stopped) this.hear(result);
  }

  async prove(challenge) {
    this.tell(say("identify.proving"), say("insist.safe"));
    return ask(this.path, { ...this.body, proof: await solveChallenge(challenge) });
  }

  hear(result) {
    const { status, data, wait } = result;
    if ((status >= 200 && status < 300) || (status >= 400 && status < 500 && status !== 429)) {
      this.stop();
      this.settle(result);
      return;
    }
    // A place in the queue of a full house is kept.
    if (data.place) this.body.place = data.place;
    const seconds = wait || this.pause;
    this.pause = Math.min(this.pause * 2, LONGEST_PAUSE);
    const reason = status === 0 ? "insist.offline" : "insist.busy";
    this.tell(say(reason), say("insist.keep", { n: seconds }));
    this.again.hidden = false;
    this.timer = setTimeout(() => this.send(), seconds * 1000);
  }
}
