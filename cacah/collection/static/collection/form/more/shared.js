// A device that is used by many: whoever goes away without saying so is not read by the next one.

import { button, el, refill } from "../dom.js";
import { say } from "../texts.js";

const PATIENT_FOR = 9 * 60;
const NOTICE = 60;
const SIGNS_OF_LIFE = ["pointerdown", "keydown", "input", "wheel", "touchstart"];

class IdleWatch {
  constructor(app) {
    this.app = app;
    this.box = null;
    this.stir();
    for (const sign of SIGNS_OF_LIFE) addEventListener(sign, () => this.stir(), { passive: true });
    setInterval(() => this.look(), 1000);
  }

  // By two clocks: one of them may be put right meanwhile, and the other stop while a device sleeps.
  stir() {
    this.seenAt = [Date.now(), performance.now()];
    if (this.box) this.box.remove();
    this.box = null;
  }

  get idle() {
    const [day, page] = this.seenAt;
    return Math.max(Date.now() - day, performance.now() - page) / 1000;
  }

  // What somebody has sent shows nothing, and stays until it is received.
  look() {
    const { shared, visit } = this.app;
    if (!shared || (visit && visit.draft.sending)) return this.stir();
    const left = Math.ceil(PATIENT_FOR + NOTICE - this.idle);
    if (left <= 0) this.app.startOver();
    else if (left <= NOTICE) this.warn(left);
  }

  // Read out once; the seconds run for those who see them.
  warn(left) {
    if (!this.box) {
      this.count = el("p", { class: "number", "aria-hidden": "true" });
      this.box = el(
        "div",
        { class: "note warning", role: "alert" },
        el("h2", null, say("shared.idle")),
        el("p", null, say("shared.soon")),
        this.count,
        button(say("shared.stay"), () => this.stir()),
      );
      document.getElementById("main").prepend(this.box);
      this.box.scrollIntoView({ block: "center" });
    }
    this.count.textContent = say("shared.seconds", { n: left });
  }
}

// A page that the browser holds ready for "back" would show the answers again.
export function watchShared(app) {
  const watch = new IdleWatch(app);
  addEventListener("pagehide", () => {
    if (!app.shared) return;
    app.visit = null;
    refill(document.getElementById("main"));
  });
  addEventListener("pageshow", (event) => app.shared && event.persisted && app.startOver());
  return watch;
}
