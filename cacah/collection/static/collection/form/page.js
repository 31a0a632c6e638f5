// A page of the form: one question, or a small group, with one main button.

import { button, el, refill } from "./dom.js";
import { countWords, showErrors } from "./errors.js";
import { makeField } from "./fields.js";
import { allFieldsOf, fieldsOf, pageOf } from "./plan.js";
import { say } from "./texts.js";

const FOLLOW_AFTER = 250;

function captionOf(app, section, sections) {
  if (section.number) {
    return say("progress.member", { number: section.number, of: section.of, name: section.title });
  }
  const named = sections.filter((each) => !each.number);
  return say("progress.section", {
    number: named.findIndex((each) => each.path === section.path) + 1,
    of: named.length,
    name: section.title,
  });
}

class FormPage {
  constructor(app, section, page) {
    Object.assign(this, { app, section, page, visit: app.visit, complaints: false });
    this.interview = this.visit.interview;
    this.fields = new Map();
    this.body = el("div", { class: "fields" });
    this.errors = el("div");
    this.later = button(say("page.later"), () => this.leave(), "second");
    this.later.hidden = true;
  }

  get shown() {
    return fieldsOf(this.interview, this.page);
  }

  get solo() {
    const all = allFieldsOf(this.interview, this.page);
    return all.length === 1 && all[0].path === this.page.path && all[0].node.kind !== "note";
  }

  remark(path) {
    return this.visit.remark(path);
  }

  setRemark(path, text) {
    this.visit.setRemark(path, text);
  }

  // The page follows typing a moment later: a change that came with the press on a button would
  // move the button away from under the finger.
  type(path, value) {
    this.visit.set(path, value);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.follow(), FOLLOW_AFTER);
  }

  change(path, value) {
    this.visit.set(path, value);
    this.follow();
  }

  // What was typed into a list that has it not goes to the question which "other" opens.
  changeToOther(path, value, text) {
    const before = new Set(this.shown.map((place) => place.path));
    this.visit.set(path, value);
    const opened = this.shown.find(
      (place) => !before.has(place.path) && place.node.type === "text",
    );
    if (opened && !this.interview.get(opened.path)) this.visit.set(opened.path, text);
    this.follow();
    this.focus(opened ? opened.path : path);
  }

  follow() {
    if (!this.body.isConnected) return;
    this.draw();
    if (this.complaints) this.complain(false);
  }

  // Puts the fields that stand there now into order, and leaves the others as they are, so that
  // neither focus nor typed text is lost.
  draw() {
    let before = null;
    const present = new Set();
    for (const place of this.shown) {
      present.add(place.path);
      let field = this.fields.get(place.path);
      if (field) field.renew();
      else {
        field = makeField(this, place, this.solo);
        this.fields.set(place.path, field);
      }
      const next = before ? before.nextSibling : this.body.firstChild;
      if (field.root !== next) this.body.insertBefore(field.root, next);
      before = field.root;
    }
    for (const [path, field] of this.fields) {
      if (present.has(path)) continue;
      field.root.remove();
      this.fields.delete(path);
    }
  }

  fieldFor(path) {
    if (this.fields.has(path)) return this.fields.get(path);
    const inside = [...this.fields.values()].filter((each) => path.startsWith(each.path + "/"));
    return inside[0] || null;
  }

  // Writes each message beside its field; gives the problems found.
  complain(focus) {
    const problems = this.visit.problemsOn(this.page);
    for (const field of this.fields.values()) {
      field.complain(problems.filter((problem) => this.fieldFor(problem.path) === field));
    }
    this.complaints = true;
    if (focus && problems.length) {
      const items = problems.map((problem) => ({
        message: problem.message,
        go: () => this.focus(problem.path),
      }));
      showErrors(this.errors, countWords(problems), items);
      this.later.hidden = false;
    } else if (!problems.length) refill(this.errors);
    return problems;
  }

  focus(path) {
    const field = this.fieldFor(path);
    if (field) field.focus(path);
  }

  goOn() {
    this.draw();
    if (!this.complain(true).length) this.leave();
  }

  leave() {
    this.visit.markSeen(this.page);
    const sections = this.visit.sections();
    const section = sections.find((each) => each.path === this.section.path);
    const pages = section ? section.pages : [];
    const index = pages.findIndex((each) => each.path === this.page.path);
    const next = pages[index + 1];
    this.app.go(this.app.backTo || (next ? "page:" + next.path : "tasks"));
  }
}

function frame(form, title) {
  const { app, section } = form;
  const caption = el("p", { class: "caption" }, captionOf(app, section, app.visit.sections()));
  const onSubmit = (event) => {
    event.preventDefault();
    form.goOn();
  };
  const heading = form.solo ? null : el("h1", { tabindex: "-1" }, title);
  return el(
    "form",
    { novalidate: true, on: { submit: onSubmit } },
    form.errors,
    caption,
    heading,
    form.body,
    el(
      "div",
      { class: "actions" },
      el("button", { class: "main" }, say(app.backTo ? "page.save" : "page.continue")),
      form.later,
    ),
  );
}

function previous(section, page) {
  const before = section.pages[section.pages.indexOf(page) - 1];
  return before ? "page:" + before.path : "tasks";
}

export function pageView(app, path) {
  const found = pageOf(app.visit.sections(), path);
  if (!found) return null;
  const { section, page } = found;
  const form = new FormPage(app, section, page);
  form.draw();
  const title = form.interview.text(page.path, "label") || section.title;
  return {
    title: `${title} (${captionOf(app, section, app.visit.sections())})`,
    content: [frame(form, title)],
    back: previous(section, page),
    after() {
      if (!app.jump) return false;
      form.complain(false);
      form.focus(app.jump);
      app.jump = null;
      return true;
    },
  };
}
