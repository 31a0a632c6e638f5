// One family's answers on this device: the interview, the remarks, and what has been seen.

import { Interview } from "../../questionnaire/interview.js";
import { applyPrefill, everythingTyped, prune, withoutRow } from "./prefill.js";
import { covers, isOnPage, inRow, registerField, sectionsOf } from "./plan.js";
import { keepDraft, now } from "./store.js";

// A slow phone saves less often, and has most of its time for whoever types.
const REST = 5;

function today(draft) {
  const moment = new Date(now(draft));
  const local = new Date(moment - moment.getTimezoneOffset() * 60000);
  return local.toISOString().slice(0, 10);
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
    this.restUntil = 0;
    this.refusals = [];
    this.safe = true;
    this.renewed = Boolean(draft.digest) && draft.digest !== instrument.digest;
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
    this.interview = new Interview(this.instrument, { answers, today: today(this.draft) });
  }

  // Without the card answered only the family knows whose NIK was typed at the door, but where one
  // person is left whom it can be. The question is never about that person, or about nobody else.
  fillOwnNik() {
    const { nik, names, question } = this.draft;
    const alone = question.kind === "birth_place" ? question.person : 0;
    const own = alone || (names.length === 2 && 3 - question.person);
    this.prefill({ persons: names.map((name, index) => (nik && index + 1 === own ? { nik } : {})) });
  }

  // The NIK typed at the door, until somebody in the form has it.
  unusedNik() {
    const { nik } = this.draft;
    return nik && !JSON.stringify(this.typed()).includes(`"${nik}"`) ? nik : "";
  }

  // What was typed into a long list that has no such choice: no answer, and not lost either.
  keepTyped(path, text) {
    this.draft.loose = { ...this.draft.loose, [path]: text };
    this.saveSoon();
  }

  typedInto(path) {
    return (this.draft.loose && this.draft.loose[path]) || "";
  }

  prefill(prefill) {
    this.draft.carded = true;
    this.fillIn(prefill);
    this.saveSoon();
  }

  set(path, value) {
    this.refusals = [];
    this.draft.touched = true;
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

  // As soon as may be: sealing takes time that a page does not have while it is being closed.
  saveSoon() {
    if (this.timer) return;
    this.timer = setTimeout(() => this.save(), Math.max(0, this.restUntil - performance.now()));
  }

  async save() {
    this.forget();
    const began = performance.now();
    this.draft.answers = this.typed();
    this.draft.digest = this.instrument.digest;
    const keeping = keepDraft(this.draft);
    this.restUntil = began + (performance.now() - began) * REST;
    this.safe = await keeping;
    this.onSaved(this.safe);
  }

  forget() {
    clearTimeout(this.timer);
    this.timer = 0;
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
    this.draft.touched = true;
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
        loose: this.draft.loose || {},
      }),
    );
    this.interview.removeRow(repeat.name, number);
    this.draft.touched = true;
    this.draft.remarks = withoutRow(this.draft.remarks, repeat.name, number);
    this.draft.seen = withoutRow(this.draft.seen, repeat.name, number);
    this.draft.loose = withoutRow(this.draft.loose || {}, repeat.name, number);
    this.saveSoon();
    return before;
  }

  restore({ answers, remarks, seen, loose }) {
    Object.assign(this.draft, { remarks, seen, loose });
    this.rebuild(answers);
    this.saveSoon();
  }
}
