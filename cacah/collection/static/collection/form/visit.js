// One family's answers on this device: the interview, the remarks, and what has been seen.

import { Interview } from "../../questionnaire/interview.js";
import { applyPrefill, everythingTyped, prune, withoutRow } from "./prefill.js";
import { covers, isOnPage, inRow, registerField, sectionsOf } from "./plan.js";
import { hexOf, sha256 } from "./sha256.js";
import { keepDraft } from "./store.js";

const SAVE_AFTER = 150;

function today() {
  const now = new Date();
  const local = new Date(now.getTime() - now.getTimezoneOffset() * 60000);
  return local.toISOString().slice(0, 10);
}

// Under what a family's draft is kept: the same for every member who comes back.
export function draftId(kk) {
  return hexOf(sha256(new TextEncoder().encode("cacah draft " + kk)));
}

export function newDraft(id, identified) {
  return {
    id,
    ...identified,
    names: (identified.prefill.persons || []).map((person) => person.name || ""),
    carded: !identified.question,
    answers: {},
    remarks: {},
    seen: {},
    place: identified.question ? "card" : "tasks",
    sending: null,
  };
}

export class Visit {
  constructor(instrument, draft, onSaved) {
    this.draft = draft;
    this.onSaved = onSaved;
    this.timer = 0;
    this.refusals = [];
    this.use(instrument);
  }

  // Also the way to another language: the answers stay.
  use(instrument) {
    const answers = this.interview ? this.typed() : this.draft.answers;
    this.instrument = instrument;
    this.rebuild(prune(instrument.children, answers));
    if (this.draft.prefill) this.fillIn(this.draft.prefill);
  }

  // Once: what the family has emptied since must not come back.
  fillIn(prefill) {
    applyPrefill(this.interview, this.instrument, prefill);
    this.draft.prefill = null;
  }

  typed() {
    return everythingTyped(this.interview, this.instrument.children);
  }

  rebuild(answers) {
    this.interview = new Interview(this.instrument, { answers, today: today() });
  }

  prefill(prefill) {
    this.draft.carded = true;
    this.fillIn(prefill);
    this.saveSoon();
  }

  set(path, value) {
    this.refusals = [];
    this.interview.set(path, value);
    this.saveSoon();
  }

  remark(path) {
    return this.draft.remarks[path] || "";
  }

  setRemark(path, text) {
    this.refusals = [];
    this.draft.remarks[path] = text;
    this.saveSoon();
  }

  markSeen(page) {
    this.draft.seen[page.path] = true;
    this.saveSoon();
  }

  saveSoon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), SAVE_AFTER);
  }

  async save() {
    clearTimeout(this.timer);
    this.draft.answers = this.typed();
    this.draft.digest = this.instrument.digest;
    this.onSaved(await keepDraft(this.draft));
  }

  forget() {
    clearTimeout(this.timer);
  }

  sections() {
    return sectionsOf(this.interview, this.instrument);
  }

  // What stands in the way of sending: a warning with a remark no longer does; what the door
  // has refused does, until an answer changes.
  problems() {
    const open = this.interview.problems();
    const own = open.filter((each) => each.code !== "warning" || !this.remark(each.path).trim());
    const known = new Set(own.map((each) => each.path));
    return own.concat(this.refusals.filter((each) => !known.has(each.path)));
  }

  problemsOn(page) {
    return this.problems().filter((problem) => isOnPage(page, problem.path));
  }

  // todo, partial, wrong or done.
  stateOf(section, problems) {
    const own = problems.filter((problem) => covers(section.path, problem.path));
    const seen = section.pages.filter((page) => this.draft.seen[page.path]);
    if (!seen.length) return "todo";
    if (own.some((problem) => problem.code !== "missing")) return "wrong";
    return own.length || seen.length < section.pages.length ? "partial" : "done";
  }

  persons() {
    return Number(this.interview.get("persons")) || 0;
  }

  sendable() {
    const remarks = {};
    for (const { code, path } of this.interview.problems()) {
      if (code === "warning" && this.remark(path).trim()) remarks[path] = this.remark(path).trim();
    }
    return { answers: this.interview.answers(), remarks };
  }

  isAdded(repeat, row) {
    const field = registerField(repeat, "registered");
    return !field || String(this.interview.get(inRow(repeat, row, field)) || "") !== "1";
  }

  addRow(repeat) {
    const number = this.interview.addRow(repeat.name);
    this.saveSoon();
    return `${repeat.name}[${number}]`;
  }

  // Gives what `restore` needs to undo it.
  removeRow(repeat, number) {
    const before = JSON.parse(
      JSON.stringify({
        answers: this.typed(),
        remarks: this.draft.remarks,
        seen: this.draft.seen,
      }),
    );
    this.interview.removeRow(repeat.name, number);
    this.draft.remarks = withoutRow(this.draft.remarks, repeat.name, number);
    this.draft.seen = withoutRow(this.draft.seen, repeat.name, number);
    this.saveSoon();
    return before;
  }

  restore({ answers, remarks, seen }) {
    Object.assign(this.draft, { remarks, seen });
    this.rebuild(answers);
    this.saveSoon();
  }
}
