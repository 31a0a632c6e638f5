// The help of a page: what is hard about it, whom to call, and how to be visited instead.

import { button, el, paragraphs } from "../dom.js";
import { say } from "../texts.js";

// Where nobody needs to be told any more that an officer may come.
const DONE = new Set(["receipt", "already", "closed", "visiting", "unlisted", "returning"]);

// The path of a page in the form's own plan: rows of a repeat share their help.
function keysFor(app, route) {
  const [name, ...rest] = route.split(":");
  if (name !== "page") return ["help." + name];
  const path = rest.join(":").replace(/\[\d+\]/g, "");
  return [`help.${app.instrument.id}/${path}`, "help.page"];
}

function wordsFor(app, route) {
  const key = keysFor(app, route).find((each) => say(each) !== each);
  return key ? paragraphs(say(key)) : [];
}

function phone(help) {
  const [number, ...hours] = help.split(" (");
  const link = el("a", { href: "tel:" + number.replace(/[^\d+]/g, "") }, number);
  return el("p", null, say("help.call") + " ", link, hours.length ? " (" + hours.join(" (") : "");
}

export function helpFor(app, route) {
  const visit = () => app.go(app.visit ? "visiting" : "unlisted:visit");
  const { help } = app.facts;
  const parts = [...wordsFor(app, route), help ? phone(help) : null];
  if (!DONE.has(route.split(":")[0])) parts.push(button(say("help.visit"), visit, "link"));
  return parts.filter(Boolean);
}
