// Who are you: NIK and family card number, and what to do when the door says no.

import { button, el, idOf, paragraphs, refill } from "./dom.js";
import { helpWords, problemWords, showErrors } from "./errors.js";
import { askProven, more } from "./more.js";
import { countDrafts, draftId, findDraft, forgetAll, recall } from "./store.js";
import { newDraft } from "./visit.js";
import { onlyDigits, say } from "./texts.js";

const DIGITS = 16;

function numberProblem(name, text) {
  const digits = onlyDigits(text);
  if (!digits) return say(name + ".empty");
  if (!/^\d+$/.test(digits)) return say(name + ".digits");
  return digits.length === DIGITS ? "" : say(name + ".length", { n: digits.length });
}

// A field with its label, hint and message; `body` is what holds the control, if more than itself.
export function labelled(name, input, optional, body = input) {
  const { id } = input;
  const error = el("p", { class: "error", id: id + "-error", hidden: true });
  const free = optional && el("span", { class: "optional" }, " " + say("field.optional"));
  const root = el(
    "div",
    { class: "field" },
    el("label", { class: "label", for: id }, say(name + ".label"), free),
    el("p", { class: "hint", id: id + "-hint" }, say(name + ".hint")),
    error,
    body,
  );
  const complain = (message) => {
    error.textContent = message;
    error.hidden = !message;
    root.classList.toggle("wrong", Boolean(message));
    if (message) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
  };
  return { name, input, root, complain };
}

export function entry(name, value, numeric) {
  const id = idOf(name);
  const input = el("input", {
    id,
    class: numeric ? "digits" : "receipt-number",
    type: "text",
    inputmode: numeric ? "numeric" : null,
    autocomplete: "off",
    autocapitalize: numeric ? null : "characters",
    spellcheck: "false",
    "aria-describedby": `${id}-hint ${id}-error`,
  });
  input.value = value || "";
  return labelled(name, input);
}

class Identification {
  constructor(app) {
    const typed = app.typed;
    this.app = app;
    this.entries = [entry("nik", typed.nik, true), entry("kk", typed.kk, true)];
    if (app.reopen) this.entries.push(entry("receipt", typed.receipt, false));
    for (const each of this.entries) {
      each.input.addEventListener("input", () => (typed[each.name] = each.input.value));
    }
    this.errors = el("div");
    this.status = el("p", { role: "status", class: "progress" });
    this.submit = el("button", { class: "main" }, say("identify.go"));
    this.busy = false;
  }

  check() {
    const problems = [];
    for (const each of this.entries) {
      const value = each.input.value.trim();
      const numeric = each.name !== "receipt";
      const message = numeric ? numberProblem(each.name, value) : value ? "" : say("receipt.empty");
      each.complain(message);
      if (message) problems.push({ message, go: () => each.input.focus() });
    }
    if (problems.length) showErrors(this.errors, say("errors.wrong", { n: problems.length }), problems);
    else refill(this.errors);
    return !problems.length;
  }

  work(text) {
    this.busy = Boolean(text);
    this.status.textContent = text;
    this.submit.setAttribute("aria-disabled", String(this.busy));
  }

  async go() {
    if (this.busy || !this.check()) return;
    const { typed } = this.app;
    const body = { nik: onlyDigits(typed.nik), kk: onlyDigits(typed.kk), language: this.app.language };
    if (this.app.reopen) body.receipt = typed.receipt.trim();
    body.place = recall("place");
    this.work(say("identify.working"));
    const result = await askProven("/api/identify", body, () => this.work(say("identify.proving")));
    this.work("");
    await this.answer(result, body);
  }

  async answer(result, body) {
    const { nik, kk } = body;
    const [id, pair] = [await draftId(kk), await draftId(nik + kk)];
    if (result.status === 200) return enter(this.app, { ...result.data, nik, kk }, id, pair);
    const draft = await findDraft(id);
    if (result.code === "already-submitted") {
      // Sent from here, and the answer was lost: by the same key its receipt comes still.
      if (draft && draft.sending && !this.app.reopen) return this.app.open(draft);
      return this.app.show("already", result.data);
    }
    if (result.code === "not-open" || result.code === "closed") {
      return this.app.show("closed", { code: result.code, ...result.data });
    }
    if (result.code === "full-house") return this.waitInLine(result, body);
    if (result.code === "network" && draft && draft.pair === pair) return this.app.open(draft);
    return this.refuse(result);
  }

  waitInLine(result, body) {
    const { app } = this;
    const settle = (then) => {
      app.go("identify", { replace: true });
      app.view.answer(then, body);
    };
    app.show("waiting", { path: "/api/identify", result, body, settle });
  }

  refuse(result) {
    const title = problemWords(result, { n: Math.ceil(result.wait / 60) || 1 });
    showErrors(this.errors, title, []);
    const advice = "advice." + result.code;
    const words = say(advice) === advice ? result.data.detail : say(advice);
    const box = this.errors.firstChild;
    if (words) box.append(...paragraphs(words + "\n" + helpWords(this.app.facts)));
    if (result.code === "not-found") {
      more().then((parts) => parts.explainNotFound(this.app, box), () => null);
    }
  }
}

// Goes on with what this device already has of the family, or begins afresh.
export async function enter(app, identified, id, pair) {
  const kept = await findDraft(id);
  app.reopen = false;
  app.typed = {};
  if (!kept || !kept.answers) return app.open({ ...newDraft(id, identified), pair });
  // Another device was first: what was filled in here is kept, and becomes a correction.
  if (kept.case.revision !== identified.case.revision) kept.sending = null;
  const { session, expires_at, question } = identified;
  const carded = kept.carded || !question;
  Object.assign(kept, { session, expires_at, question, carded, pair, case: identified.case });
  return app.open(kept, true);
}

function draftsNote(app) {
  const forget = async () => {
    if (!confirm(say("leave.sure"))) return;
    app.unlisted = null;
    await forgetAll();
    note.hidden = true;
  };
  const note = el("div", { class: "note plain", hidden: true }, el("p", null, say("identify.drafts")));
  note.append(button(say("leave.wipe"), forget, "link"));
  countDrafts().then((count) => (note.hidden = !count));
  return note;
}

// Who has ticked it may undo it; where the address says so, it is not theirs to undo.
function sharedChoice(app) {
  const change = { change: () => app.share(box.checked) };
  const box = el("input", { type: "checkbox", checked: app.shared, on: change });
  const choice = el("label", { class: "choice" }, box, el("span", null, say("identify.shared")));
  return [
    app.sharedByAddress || app.visit ? null : choice,
    app.shared ? el("p", { class: "note plain" }, say("identify.alone")) : null,
  ];
}

export function identifyView(app) {
  const form = new Identification(app);
  const waiting = draftsNote(app);
  const onSubmit = (event) => {
    event.preventDefault();
    form.go();
  };
  const why = app.renewing ? "identify.again" : app.reopen ? "identify.reopen" : "identify.why";
  return {
    title: say("identify.title"),
    answer: (result, body) => form.answer(result, body),
    content: [
      el(
        "form",
        { novalidate: true, on: { submit: onSubmit } },
        form.errors,
        el("h1", { tabindex: "-1" }, say("identify.title")),
        el("p", null, say(why)),
        app.renewing || app.reopen ? null : waiting,
        form.entries.map((each) => each.root),
        el("p", { class: "quiet" }, say("identify.safe")),
        sharedChoice(app),
        form.status,
        el("div", { class: "actions" }, form.submit),
        button(say("identify.none"), () => app.go("unlisted"), "link"),
        button(say("identify.code"), () => app.go("code"), "link"),
      ),
    ],
  };
}
