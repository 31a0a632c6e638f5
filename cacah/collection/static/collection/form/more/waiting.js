// The waiting room: where one stands, how long it will take, and going on by itself.

import { el, paragraphs } from "../dom.js";
import { ask } from "../door.js";
import { helpWords } from "../errors.js";
import { remember } from "../store.js";
import { say } from "../texts.js";

const PATIENCE_WITHOUT_SIGNAL = 10;

// So that nobody counts seconds: the estimate is honest, but no promise.
function howLong(seconds) {
  if (seconds < 60) return say("waiting.soon");
  const minutes = Math.ceil(seconds / 60);
  if (minutes < 100) return say("waiting.minutes", { n: minutes });
  return say("waiting.hours", { n: Math.ceil(minutes / 60) });
}

class Waiting {
  constructor(app, { path, result, body, settle }) {
    Object.assign(this, { app, path, body, settle, timer: 0, due: 0 });
    this.position = el("p", { class: "number" });
    this.status = el("p", { role: "status" });
    this.root = el("div", { class: "panel" }, this.position, this.status);
    this.seen = () => {
      // A phone that slept may have slept through its turn.
      if (!document.hidden && Date.now() >= this.due) this.again();
    };
    document.addEventListener("visibilitychange", this.seen);
    this.show(result);
  }

  stop() {
    clearTimeout(this.timer);
    this.stopped = true;
    document.removeEventListener("visibilitychange", this.seen);
  }

  // A line that has not changed is not read out again.
  tell(words) {
    if (this.status.textContent !== words) this.status.textContent = words;
  }

  show({ status, data, wait }) {
    if (status) {
      remember("place", data.place);
      this.body.place = data.place;
      const { position } = data;
      const n = position.toLocaleString(this.app.facts.locale);
      const words = position > 1 ? say("waiting.position", { n }) : say("waiting.next");
      this.position.textContent = words;
      this.tell(howLong(data.estimate_seconds));
    } else this.tell(say("waiting.offline"));
    const seconds = wait || PATIENCE_WITHOUT_SIGNAL;
    this.due = Date.now() + seconds * 1000;
    this.timer = setTimeout(() => this.again(), seconds * 1000);
  }

  async again() {
    if (this.asking || this.stopped) return;
    clearTimeout(this.timer);
    this.asking = true;
    const result = await ask(this.path, this.body);
    this.asking = false;
    if (this.stopped) return;
    if (result.code === "full-house" || result.status === 0 || result.status === 503) {
      this.show(result.status === 503 ? { status: 0, wait: result.wait } : result);
      return;
    }
    if (result.status === 200) remember("place", null);
    this.settle(result);
  }
}

// `data` is what the door said, what it was asked, and who takes what it says at last.
export function waitingView(app, data) {
  if (!data || !data.settle) return null;
  const waiting = new Waiting(app, data);
  const help = helpWords(app.facts);
  return {
    title: say("waiting.title"),
    content: [
      el("h1", { tabindex: "-1" }, say("waiting.title")),
      waiting.root,
      ...paragraphs(say("waiting.words")),
      help ? el("p", null, help) : null,
    ],
    back: "identify",
    leave: () => waiting.stop(),
  };
}
