// The task list: each part of the form and each member, with its state.

import { button, el, uncovered } from "./dom.js";
import { isOnPage, repeatsOf } from "./plan.js";
import { say } from "./texts.js";

function stateTag(state) {
  return el("span", { class: "state " + state }, say("state." + state));
}

function unseenPage(app, section) {
  return section.pages.find((page) => !app.visit.draft.seen[page.path]);
}

// To what is wrong first, then to what has not been seen, else to the beginning.
function open(app, section) {
  const problems = app.visit.problems();
  const wrong = section.pages.find((page) =>
    problems.some((problem) => problem.code !== "missing" && isOnPage(page, problem.path)),
  );
  const page = wrong || unseenPage(app, section) || section.pages[0];
  if (page) app.go("page:" + page.path);
}

function removeButton(app, section) {
  const listener = () => {
    const before = app.visit.removeRow(section.repeat, section.number);
    app.undo = { name: section.title, before };
    app.go("tasks", { replace: true });
  };
  const control = button(say("member.remove"), listener, "link");
  control.append(uncovered(" " + section.title));
  return control;
}

function line(app, section, state) {
  const name = el("a", { href: "#page:" + section.path }, section.title);
  name.addEventListener("click", (event) => {
    event.preventDefault();
    open(app, section);
  });
  const added = section.repeat && app.visit.isAdded(section.repeat, section.path);
  return el(
    "li",
    { class: "task" },
    el("span", { class: "name" }, name, added ? removeButton(app, section) : null),
    stateTag(state),
  );
}

function undoBanner(app) {
  if (!app.undo) return null;
  const { name, before } = app.undo;
  app.undo = null;
  const restore = () => {
    app.visit.restore(before);
    app.go("tasks", { replace: true });
  };
  return el(
    "div",
    { class: "note plain", role: "status" },
    el("p", null, say("member.removed", { name }) + " ", button(say("undo"), restore, "link")),
  );
}

export function addButton(app, repeat = repeatsOf(app.instrument)[0]) {
  const add = () => {
    app.backTo = null;
    const row = app.visit.addRow(repeat);
    const section = app.visit.sections().find((each) => each.path === row);
    app.go(section && section.pages.length ? "page:" + section.pages[0].path : "tasks");
  };
  return el("p", null, button(say("member.add"), add, "second"));
}

function listOf(app, sections, states) {
  const lines = sections.map((section) => line(app, section, states.get(section)));
  return el("ul", { class: "tasks" }, lines);
}

// Onward to what nobody has looked at yet; then to the overview, which lists what is missing.
function nextStep(app, sections) {
  const next = sections.find((section) => unseenPage(app, section));
  if (!next) return button(say("tasks.check"), () => app.go("summary"));
  const page = unseenPage(app, next);
  return button(say("tasks.next", { name: next.title }), () => app.go("page:" + page.path));
}

function blocks(app, sections, states) {
  const content = [];
  let loose = [];
  const flush = () => {
    if (loose.length) content.push(listOf(app, loose, states));
    loose = [];
  };
  const repeats = new Map(repeatsOf(app.instrument).map((repeat) => [repeat, []]));
  for (const section of sections) {
    if (section.repeat) repeats.get(section.repeat).push(section);
  }
  for (const node of app.instrument.children) {
    if (repeats.has(node)) {
      flush();
      const own = repeats.get(node);
      content.push(el("h2", null, app.visit.interview.text(node.name, "label") || say("members")));
      content.push(listOf(app, own, states));
      if (!node.count && app.visit.interview.relevant(node.name)) content.push(addButton(app, node));
    } else loose.push(...sections.filter((section) => section.node === node));
  }
  flush();
  return content;
}

// Counts parts and members apart, as the captions of the pages do.
function doneWords(sections, states) {
  const done = (some) => some.filter((section) => states.get(section) === "done").length;
  const members = sections.filter((section) => section.number);
  const parts = sections.filter((section) => !section.number);
  const counts = { done: done(parts), of: parts.length, here: done(members), all: members.length };
  return say(members.length ? "tasks.both" : "tasks.done", counts);
}

export function tasksView(app) {
  app.backTo = null;
  const sections = app.visit.sections();
  const problems = app.visit.problems();
  const states = new Map(sections.map((each) => [each, app.visit.stateOf(each, problems)]));
  return {
    title: say("tasks.title"),
    content: [
      undoBanner(app),
      el("h1", { tabindex: "-1" }, say("tasks.title")),
      el("p", null, doneWords(sections, states)),
      ...blocks(app, sections, states),
      el("div", { class: "actions" }, nextStep(app, sections)),
      el("p", { class: "quiet" }, button(say("tasks.leave"), () => app.go("leave"), "link")),
      el("p", { class: "quiet" }, button(say("carry.title"), () => app.go("elsewhere"), "link")),
    ],
  };
}

export function leaveView(app) {
  const away = async () => {
    await app.pause();
    location.assign(app.facts.home);
  };
  const wipe = async () => {
    if (!confirm(say("leave.sure"))) return;
    await app.close();
    location.assign(app.shared ? app.here : app.facts.home);
  };
  return {
    title: say("leave.title"),
    content: [
      el("h1", { tabindex: "-1" }, say("leave.title")),
      app.shared ? null : el("p", null, say("leave.kept")),
      el("p", null, say("leave.shared")),
      el("p", null, button(say("carry.title"), () => app.go("elsewhere"), "link")),
      el(
        "div",
        { class: "actions" },
        button(say("leave.stay"), () => app.go("tasks")),
        app.shared ? null : button(say("leave.away"), away, "second"),
        button(say("leave.wipe"), wipe, "danger"),
      ),
    ],
    back: "tasks",
  };
}
