// A small form of a few fields: checks them, lists what is wrong, and has one main button.

import { el, idOf, paragraphs, refill } from "../dom.js";
import { errorSummary, helpWords, problemWords, showErrors } from "../errors.js";
import { labelled } from "../identify.js";
import { say } from "../texts.js";

// `kind` is {class, inputmode, autocomplete, lines, most} as far as they matter.
export function textEntry(name, value, kind, problem, optional) {
  const id = idOf(name);
  const input = el(kind.lines ? "textarea" : "input", {
    id,
    class: kind.class,
    type: kind.lines ? null : "text",
    rows: kind.lines,
    inputmode: kind.inputmode,
    autocomplete: kind.autocomplete || "off",
    maxlength: kind.most,
    "aria-describedby": `${id}-hint ${id}-error`,
  });
  input.value = value || "";
  return { ...labelled(name, input, optional), problem: () => problem(input.value.trim()) };
}

export class Sheet {
  constructor(entries, label, onReady) {
    Object.assign(this, { entries, onReady });
    this.errors = el("div");
    this.status = el("p", { role: "status", class: "progress" });
    this.submit = el("button", { class: "main" }, label);
    const onSubmit = (event) => {
      event.preventDefault();
      this.go();
    };
    this.root = el(
      "form",
      { novalidate: true, on: { submit: onSubmit, input: () => this.recheck() } },
      this.errors,
      entries.map((each) => each.root),
      this.status,
      el("div", { class: "actions" }, this.submit),
    );
  }

  check() {
    const items = [];
    for (const each of this.entries) {
      const message = each.problem();
      each.complain(message);
      each.wrong = Boolean(message);
      if (message) items.push({ message, go: () => each.input.focus() });
    }
    if (items.length) showErrors(this.errors, say("errors.wrong", { n: items.length }), items);
    else refill(this.errors);
    return !items.length;
  }

  // What has been put right complains no longer; what is half typed does not begin to.
  recheck() {
    const wrong = this.entries.filter((each) => each.wrong);
    for (const each of wrong.filter((one) => !one.problem())) {
      each.complain("");
      each.wrong = false;
    }
    if (wrong.length && !this.entries.some((each) => each.wrong)) refill(this.errors);
  }

  work(text) {
    this.busy = Boolean(text);
    this.status.textContent = text;
    this.submit.setAttribute("aria-disabled", String(this.busy));
  }

  async go() {
    if (!this.busy && this.check()) await this.onReady(this);
  }

  // What the door says no to, in its words.
  refuse(app, result) {
    const title = problemWords(result, { n: Math.ceil(result.wait / 60) || 1 });
    const box = errorSummary(title, []);
    box.append(...paragraphs(`${result.data.detail || ""}\n${helpWords(app.facts)}`));
    refill(this.errors, box);
    box.focus();
    box.scrollIntoView({ block: "start" });
  }
}
