// The careful question before sending, and the sending itself, which never loses an answer.

import { button, el } from "./dom.js";
import { submissionKey } from "./door.js";
import { helpWords, problemWords } from "./errors.js";
import { Insisting } from "./insisting.js";
import { say } from "./texts.js";

function isReceipt({ number, signed }) {
  return Boolean(number && signed);
}

export function confirmView(app) {
  if (app.visit.problems().length) return null;
  return {
    title: say("confirm.title"),
    content: [
      el("h1", { tabindex: "-1" }, say("confirm.title")),
      el("p", null, say("confirm.persons", { n: app.visit.persons() })),
      el("p", null, say("confirm.true")),
      el("p", null, say("confirm.after")),
      el(
        "div",
        { class: "actions" },
        button(say("confirm.send"), () => app.go("sending", { replace: true })),
        button(say("confirm.back"), () => app.go("summary"), "second"),
      ),
    ],
    back: "summary",
  };
}

// Where the browser can, it sends also when the page has been closed.
function sendWithoutThePage() {
  const { serviceWorker } = navigator;
  if (!serviceWorker) return;
  const ask = (registration) => registration.sync && registration.sync.register("send");
  serviceWorker.ready.then(ask).catch(() => null);
}

class Sending extends Insisting {
  constructor(app) {
    super("/api/submit", () => this.prepare(), (result) => this.settle(result), "sending");
    Object.assign(this, { app, draft: app.visit.draft });
    this.other = button(say("sending.other"), () => app.putAway() && app.go("identify"), "second");
    this.other.hidden = true;
    this.actions.append(this.other);
  }

  // The key is made once, and stays with these very answers until the door has answered.
  async prepare() {
    const { app, draft } = this;
    if (!draft.sending) {
      const instrument = app.instrument.digest;
      const [way, code] = (draft.cameBy || "").split("=");
      const made = { key: submissionKey(), instrument, language: app.language };
      made[way === "sesi" ? "guide" : "invitation"] = code;
      draft.sending = { ...made, ...app.visit.sendable() };
      await app.visit.save();
      // Another tab was faster, and this page is about to show what it has.
      if (app.visit.safe === null) return new Promise(() => null);
    }
    return { session: draft.session, ...draft.sending };
  }

  // Answers leave this device for a receipt and for nothing less.
  isAnswer({ status, data }) {
    return isReceipt(data) || (status >= 400 && status < 500 && status !== 429);
  }

  // Where nothing is kept, as stands above, only this page can go on trying.
  tell(...words) {
    super.tell(...words);
    if (!this.app.visit.safe) this.detail.textContent = "";
  }

  waitFor(result) {
    super.waitFor(result);
    this.other.hidden = !this.app.visit.safe;
    sendWithoutThePage();
  }

  // The door has answered; where it has stored nothing, the answers may be changed again.
  async settle(result) {
    const { app, draft } = this;
    const { code, data } = result;
    if (isReceipt(data)) return app.finish(data);
    if (code === "session-expired" || code === "session-invalid") return app.renew();
    if (code === "already-submitted") return app.show("already", data);
    draft.sending = null;
    await app.visit.save();
    // Sent before by somebody who has not said on this page who it is.
    const unproven = app.unproven && app.putAway();
    if (code === "closed" || code === "not-open") return app.show("closed", { code, ...data });
    if (code === "instrument-changed") return app.show("changed", {});
    if (unproven) return app.renew(draft.reference);
    if (code === "answers-refused") {
      app.visit.refusals = data.problems || [];
      return app.go("summary", { replace: true });
    }
    this.say(problemWords(result), `${data.detail || ""} ${helpWords(app.facts)}`);
    this.again.hidden = false;
    return null;
  }
}

export function sendingView(app) {
  const { visit } = app;
  if (!visit.draft.sending && visit.problems().length) return null;
  const sending = new Sending(app);
  return {
    title: say("sending.title"),
    content: [el("h1", { tabindex: "-1" }, say("sending.title")), sending.root],
    after: () => sending.start(),
    leave: () => sending.stop(),
  };
}
