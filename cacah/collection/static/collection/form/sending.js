// The careful question before sending, and the sending itself, which never loses an answer.

import { button, el } from "./dom.js";
import { ask, submissionKey } from "./door.js";
import { helpWords, problemWords } from "./errors.js";
import { say } from "./texts.js";

const FIRST_WAIT = 4;
const LONGEST_WAIT = 60;
// Milliseconds until a try counts as lost: a connection that has gone through a tunnel hangs far
// longer than a new one takes. Doubled, so that the slowest link gets its turn too.
const FIRST_PATIENCE = 20000;
const LONGEST_PATIENCE = 160000;

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

class Sending {
  constructor(app) {
    Object.assign(this, { app, draft: app.visit.draft, timer: 0, wait: FIRST_WAIT });
    this.patience = FIRST_PATIENCE;
    this.status = el("p", { role: "status", class: "progress" });
    this.detail = el("p");
    this.again = button(say("sending.retry"), () => this.send());
    this.again.hidden = true;
    this.other = button(say("sending.other"), () => app.putAway() && app.go("identify"), "second");
    this.other.hidden = true;
    this.online = () => this.send();
  }

  // The key is made once, and stays with these very answers until the door has answered.
  async prepare() {
    if (this.draft.sending) return;
    const instrument = this.app.instrument.digest;
    const { language } = this.app;
    const made = { key: submissionKey(), instrument, language };
    this.draft.sending = { ...made, ...this.app.visit.sendable() };
    await this.app.visit.save();
  }

  body() {
    return { session: this.draft.session, ...this.draft.sending };
  }

  say(status, detail) {
    this.status.textContent = status;
    this.detail.textContent = detail;
  }

  async send() {
    if (this.running || this.stopped) return;
    this.running = true;
    clearTimeout(this.timer);
    this.again.hidden = true;
    await this.prepare();
    this.say(say("sending.now"), say("sending.safe"));
    const result = await ask("/api/submit", this.body(), this.patience);
    this.patience = Math.min(this.patience * 2, LONGEST_PATIENCE);
    this.running = false;
    if (!this.stopped) await this.settle(result);
  }

  async settle(result) {
    const { status, data } = result;
    // Answers leave this device for a receipt and for nothing less.
    if (data.number && data.signed) return this.app.finish(data);
    if (status < 400 || status >= 500 || status === 429) return this.waitFor(result);
    return this.stop(result);
  }

  waitFor(result) {
    const seconds = result.wait || this.wait;
    this.wait = Math.min(this.wait * 2, LONGEST_WAIT);
    const offline = result.status === 0;
    this.say(say(offline ? "sending.offline" : "sending.busy"), say("sending.keep", { n: seconds }));
    this.again.hidden = false;
    this.other.hidden = false;
    this.timer = setTimeout(() => this.send(), seconds * 1000);
    sendWithoutThePage();
  }

  // The door has answered and stored nothing: the answers may be changed again.
  async stop(result) {
    const { app, draft } = this;
    if (result.code === "session-expired" || result.code === "session-invalid") return app.renew();
    if (result.code === "already-submitted") return app.show("already", result.data);
    draft.sending = null;
    await app.visit.save();
    // Sent before by somebody who has not said on this page who it is.
    const unproven = app.unproven && app.putAway();
    if (result.code === "closed" || result.code === "not-open") {
      return app.show("closed", { code: result.code, ...result.data });
    }
    if (result.code === "instrument-changed") return app.show("changed", {});
    if (result.code === "answers-refused") {
      if (unproven) return app.renew();
      app.visit.refusals = result.data.problems || [];
      return app.go("summary", { replace: true });
    }
    this.say(problemWords(result), `${result.data.detail || ""} ${helpWords(app.facts)}`);
    this.again.hidden = false;
    return null;
  }

  leave() {
    this.stopped = true;
    clearTimeout(this.timer);
    removeEventListener("online", this.online);
  }
}

export function sendingView(app) {
  const { visit } = app;
  if (!visit.draft.sending && visit.problems().length) return null;
  const sending = new Sending(app);
  addEventListener("online", sending.online);
  return {
    title: say("sending.title"),
    content: [
      el("h1", { tabindex: "-1" }, say("sending.title")),
      sending.status,
      sending.detail,
      el("div", { class: "actions" }, sending.again, sending.other),
    ],
    after() {
      sending.send();
      return false;
    },
    leave: () => sending.leave(),
  };
}
