// Check your answers: what is missing on top, every answer below with its way to change it.

import { button, el, uncovered } from "./dom.js";
import { countWords, errorSummary } from "./errors.js";
import { datePartsValue } from "./dates.js";
import { appears, covers, fieldsOf, isDateParts, pageOf } from "./plan.js";
import { addButton } from "./tasks.js";
import { say, sayDay } from "./texts.js";

function sayNumber(value) {
  return typeof value === "number" ? String(value).replace(".", say("decimal.sign")) : String(value);
}

function valueLabel(interview, { node, path }) {
  const value = interview.get(path);
  if (value === null || value === undefined || value === "") return "";
  if (node.type === "date" && /^\d{4}-\d\d-\d\d$/.test(value)) return sayDay(value);
  if (node.type !== "select_one" && node.type !== "select_multiple") return sayNumber(value);
  const labels = new Map(interview.choices(path).map((each) => [each.value, each.label]));
  return String(value)
    .split(node.type === "select_multiple" ? " " : "\u0000")
    .map((each) => labels.get(each) || each)
    .join(", ");
}

export function answerText(interview, place) {
  if (isDateParts(place.node)) {
    return datePartsValue(interview, place, (part) => valueLabel(interview, part));
  }
  return valueLabel(interview, place);
}

function jumpTo(app, page, path) {
  app.backTo = "summary";
  app.jump = path;
  app.go("page:" + page.path);
}

function answerLine(app, page, place, problems) {
  const { interview } = app.visit;
  const label = interview.text(place.path, "label") || "";
  const wrong = problems.some((problem) => problem.path.startsWith(place.path));
  const text = answerText(interview, place);
  const change = button(say("summary.change"), () => jumpTo(app, page, place.path), "link");
  change.append(uncovered(" " + label));
  return el(
    "div",
    { class: wrong ? "answer wrong" : "answer" },
    el("dt", null, label),
    el("dd", { class: text ? null : "empty" }, text || say("summary.empty")),
    el("dd", { class: "change" }, change),
  );
}

function warningLine(app, page, place) {
  const remark = app.visit.remark(place.path);
  const change = button(say("summary.change"), () => jumpTo(app, page, place.path), "link");
  change.append(uncovered(" " + say("note.remark")));
  return el(
    "div",
    { class: remark ? "answer" : "answer wrong" },
    el("dt", null, app.visit.interview.text(place.path, "label")),
    el("dd", { class: remark ? null : "empty" }, remark || say("summary.unexplained")),
    el("dd", { class: "change" }, change),
  );
}

function sectionBlock(app, section, problems) {
  const lines = [];
  for (const page of section.pages) {
    for (const place of fieldsOf(app.visit.interview, page)) {
      if (place.node.kind !== "note") lines.push(answerLine(app, page, place, problems));
      else if (place.node.warning) lines.push(warningLine(app, page, place));
    }
  }
  if (!lines.length) return [];
  const wrong = problems.some((problem) => covers(section.path, problem.path));
  const head = el("summary", null, el("h2", null, section.title));
  return [el("details", { class: "block", open: wrong }, head, el("dl", { class: "answers" }, lines))];
}

function problemItems(app, sections, problems) {
  return problems.map((problem) => {
    const found = pageOf(sections, problem.path);
    const who = found && found.section.number ? found.section.title : "";
    return {
      message: problem.message.includes(who) ? problem.message : `${who}: ${problem.message}`,
      go: () => (found ? jumpTo(app, found.page, problem.path) : app.go("tasks")),
    };
  });
}

// Where somebody is missing, the way to add them stands beside what says so.
function addWhoIsMissing(app, problems) {
  const { interview } = app.visit;
  const missing = problems.some(({ path }) => appears(interview.node(path), "adds-member"));
  return missing ? addButton(app) : null;
}

// On paper every answer stands open.
addEventListener("beforeprint", () => {
  for (const block of document.querySelectorAll("details.block")) block.open = true;
});

export function summaryView(app) {
  app.backTo = null;
  const sections = app.visit.sections();
  const problems = app.visit.problems();
  const items = problemItems(app, sections, problems);
  const top = items.length ? errorSummary(countWords(problems), items) : null;
  if (top) top.setAttribute("role", "group");
  const actions = () => {
    const onward = items.length
      ? button(say("summary.mend"), () => items[0].go())
      : button(say("summary.onward"), () => app.go("confirm"));
    return el("div", { class: "actions" }, onward);
  };
  return {
    title: say("summary.title"),
    content: [
      el("h1", { tabindex: "-1" }, say("summary.title")),
      top,
      addWhoIsMissing(app, problems),
      el("p", null, say(items.length ? "summary.missing" : "summary.complete")),
      items.length ? null : actions(),
      ...sections.flatMap((section) => sectionBlock(app, section, problems)),
      actions(),
    ],
    back: "tasks",
  };
}
