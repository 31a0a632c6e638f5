// Where two devices have different answers: the family compares them, part by part, and chooses.

import { button, el } from "../dom.js";
import { showErrors } from "../errors.js";
import { say, sayMoment } from "../texts.js";
import { settleNewer, takeOver } from "./elsewhere.js";
import { isOpen, merged, partsOf, versionOf } from "./merging.js";

function side(label, words) {
  const text = words || say("summary.empty");
  return el("p", { class: words ? null : "empty" }, el("strong", null, label + ": "), text);
}

function lineOf({ label, mine, theirs }) {
  return el(
    "div",
    { class: "answer" },
    el("dt", null, label),
    el("dd", null, side(say("merge.here"), mine), side(say("merge.there"), theirs)),
  );
}

function choicesOf(part) {
  if (part.lines) return [["mine", say("merge.mine")], ["theirs", say("merge.theirs")]];
  const values = { name: part.name };
  const has = part.own ? "mine" : "theirs";
  return [[has, say("merge.count", values)], ["none", say("merge.drop", values)]];
}

class Choice {
  constructor(part) {
    const id = "f-merge-" + part.id.replace(/[^A-Za-z0-9_]+/g, "-");
    this.part = part;
    this.inputs = [];
    this.error = el("p", { class: "error", id: id + "-error", hidden: true });
    const rows = choicesOf(part).map(([value, label], index) => {
      const own = index ? `${id}-${index}` : id;
      const input = el("input", { type: "radio", id: own, name: id, value });
      input.checked = part.advice === value;
      this.inputs.push(input);
      return el("label", { class: "choice", for: own }, input, el("span", null, label));
    });
    this.root = el(
      "fieldset",
      { class: "field", "aria-describedby": id + "-error" },
      el("legend", null, el("h2", null, part.name || say("merge.household"))),
      part.lines ? el("dl", { class: "answers" }, part.lines.map(lineOf)) : null,
      part.lines ? null : el("p", null, say(part.own ? "merge.only.here" : "merge.only.there")),
      part.advice ? el("p", { class: "hint" }, say("merge.advice." + part.advice)) : null,
      this.error,
      el("div", { class: "choices" }, rows),
    );
  }

  get value() {
    const chosen = this.inputs.find((input) => input.checked);
    return chosen ? chosen.value : "";
  }

  complain() {
    this.error.textContent = this.value ? "" : say("merge.choose");
    this.error.hidden = Boolean(this.value);
    this.root.classList.toggle("wrong", !this.value);
    return !this.value;
  }
}

function finish(app, result) {
  settleNewer(app);
  takeOver(app, result);
  app.go("tasks", { replace: true });
}

// All of one side, the other's people who are not there included in neither.
function wholeSide(app, version) {
  const { answers, remarks, seen } = version.draft;
  finish(app, { answers: version.typed() || answers, remarks, seen });
}

function sameWords(parts) {
  const names = parts.filter((part) => !isOpen(part)).map((part) => part.name || say("merge.household"));
  return names.length ? el("p", null, say("merge.same", { names: names.join(", ") })) : null;
}

// The page that reads well from top to bottom: what is the same, what differs, and what to do.
export function mergeView(app) {
  const { elsewhere } = (app.visit && app.visit.draft) || {};
  if (!elsewhere || !elsewhere.newer) return null;
  const mine = app.visit;
  const { newer, known } = elsewhere;
  const theirs = versionOf(app.instrument, newer);
  const parts = partsOf(mine, theirs, known ? versionOf(app.instrument, JSON.parse(known)) : null);
  const choices = parts.filter(isOpen).map((part) => new Choice(part));
  const errors = el("div");
  const onSubmit = (event) => {
    event.preventDefault();
    const open = choices.filter((choice) => choice.complain());
    const items = open.map(({ part, inputs }) => ({
      message: `${part.name || say("merge.household")}: ${say("merge.choose")}`,
      go: () => inputs[0].focus(),
    }));
    if (items.length) return showErrors(errors, say("errors.missing", { n: items.length }), items);
    const chosen = new Map(choices.map((choice) => [choice.part, choice.value]));
    return finish(app, merged(mine, theirs, parts, (part) => chosen.get(part)));
  };
  const moment = newer.at ? sayMoment(newer.at, app.facts.zone) : "";
  return {
    title: say("merge.title"),
    content: [
      el(
        "form",
        { novalidate: true, on: { submit: onSubmit } },
        errors,
        el("h1", { tabindex: "-1" }, say("merge.title")),
        el("p", null, say("merge.why", { moment })),
        sameWords(parts),
        choices.map((choice) => choice.root),
        el("div", { class: "actions" }, el("button", { class: "main" }, say("merge.go"))),
      ),
      el("h2", null, say("merge.whole")),
      el("p", null, say("merge.whole.words")),
      el(
        "div",
        { class: "actions" },
        button(say("merge.all.mine"), () => wholeSide(app, mine), "second"),
        button(say("merge.all.theirs"), () => wholeSide(app, theirs), "second"),
      ),
    ],
    back: "tasks",
  };
}
