// Where the way ends for now: answered already, not open yet, closed, a form of an old version.

import { button, el, paragraphs } from "../dom.js";
import { helpWords } from "../errors.js";
import { say, sayMoment } from "../texts.js";

function helpLine(app) {
  const words = helpWords(app.facts);
  return words ? el("p", null, words) : null;
}

export function alreadyView(app, data) {
  if (!data) return null;
  // Whoever goes back from the number's page is asked for it no longer.
  app.reopen = false;
  const moment = data.submitted_at ? sayMoment(data.submitted_at, app.facts.zone) : "";
  const reopen = () => {
    app.reopen = true;
    app.go(data.unlisted || (own && app.visit.draft.reference) ? "returning" : "identify");
  };
  const own = app.visit && app.visit.draft.sending;
  return {
    title: say("already.title"),
    content: [
      el("h1", { tabindex: "-1" }, say("already.title")),
      el("p", null, say("already.when", { moment, n: data.persons })),
      ...paragraphs(say(own ? "already.own" : "already.next")),
      el("div", { class: "actions" }, button(say("already.reopen"), reopen)),
      el("p", null, el("a", { class: "alone", href: app.facts.check }, say("already.check"))),
      helpLine(app),
    ],
    back: app.visit ? null : "identify",
  };
}

export function closedView(app, data) {
  if (!data) return null;
  const early = data.code === "not-open";
  const moment = early ? data.opens_at : data.closes_at;
  const when = moment ? sayMoment(moment, app.facts.zone) : "";
  return {
    title: say(early ? "early.title" : "closed.title"),
    content: [
      el("h1", { tabindex: "-1" }, say(early ? "early.title" : "closed.title")),
      ...paragraphs(say(early ? "early.words" : "closed.words", { moment: when })),
      helpLine(app),
    ],
    back: app.visit ? "tasks" : "identify",
  };
}

export function changedView(app) {
  return {
    title: say("changed.title"),
    content: [
      el("h1", { tabindex: "-1" }, say("changed.title")),
      el("p", null, say("changed.words")),
      el("div", { class: "actions" }, button(say("changed.go"), () => app.reload())),
    ],
  };
}
