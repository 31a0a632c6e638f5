// A place in a guided session: the guide sees at which part this device is, and never an answer.

import { button, el } from "../dom.js";
import { ask } from "../door.js";
import { say } from "../texts.js";

const EVERY = 15000;
const AT_ONCE = 1000;
// How long an answer of the session may take before the next one is asked for.
const HEARS_WITHIN = 10000;

class Seat {
  constructor(app) {
    this.app = app;
    this.token = app.cameBy.slice(5);
    this.told = "";
    this.wanted = false;
    this.hint = el("p", { role: "status" });
    this.call = button(say("seat.call"), () => this.callTheGuide(), "second");
    this.box = el("aside", { class: "note seat", "aria-label": say("seat.title") }, this.words(), this.hint, this.call);
    setInterval(() => this.look(), AT_ONCE);
    setInterval(() => this.tell(), EVERY);
    this.look();
  }

  words() {
    const [, number] = this.token.split(".");
    return el("p", null, say("seat.number", { n: number }));
  }

  // What part of the form is open: the name of its group, without whose it is.
  get block() {
    const { route, visit } = this.app;
    const plain = route.replace(/\[\d+\]/g, "").slice(0, 40);
    return visit || route === "receipt" ? plain : "identify";
  }

  look() {
    if (!this.box.isConnected) document.getElementById("main").before(this.box);
    if (this.block !== this.told) this.tell();
  }

  async tell() {
    if (this.asking) return;
    this.asking = true;
    const { block, token, wanted } = this;
    const { status, data } = await ask("/sesi/kabar", { token, block, wanted }, HEARS_WITHIN);
    this.asking = false;
    if (status === 410) return this.leave();
    if (status !== 200) return;
    this.told = block;
    if (this.hint.textContent !== data.hint) this.hint.textContent = data.hint;
    // Whoever goes on has been helped.
    if (block === "receipt") this.app.cameBy = "";
  }

  async callTheGuide() {
    this.wanted = true;
    this.call.disabled = true;
    await this.tell();
    this.hint.textContent = say("seat.called");
    setTimeout(() => {
      this.wanted = false;
      this.call.disabled = false;
    }, EVERY);
  }

  // The session is over; what is filled in stays and can be sent.
  leave() {
    this.box.remove();
    this.app.cameBy = "";
    this.tell = this.look = () => null;
  }
}

let seat = null;

export function sit(app) {
  seat = seat || new Seat(app);
}
