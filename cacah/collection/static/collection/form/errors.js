// The error summary on top of a page: every line leads to its field.

import { el, refill } from "./dom.js";
import { say } from "./texts.js";

// `items` are {message, go}; `go` moves the focus to the field.
export function errorSummary(title, items) {
  const lines = items.map(({ message, go }) => {
    // A line that leads somewhere ends without a full stop, whatever the sentence it comes from.
    const link = el("a", { href: "#main" }, message.replace(/\.$/, ""));
    link.addEventListener("click", (event) => {
      event.preventDefault();
      go();
    });
    return el("li", null, link);
  });
  const heading = el("h2", { id: "errors-title" }, title);
  return el(
    "div",
    { class: "errors", role: "alert", tabindex: "-1", "aria-labelledby": "errors-title" },
    heading,
    lines.length ? el("ul", null, lines) : null,
  );
}

export function showErrors(holder, title, items) {
  const summary = errorSummary(title, items);
  refill(holder, summary);
  summary.focus();
  summary.scrollIntoView({ block: "start" });
}

export function messageBox(title, lines, kind = "plain") {
  const words = lines.map((line) => el("p", null, line));
  return el("div", { class: "note " + kind }, el("h2", null, title), words);
}

export function helpWords({ help }) {
  return help ? say("help.line", { help }) : "";
}

// How many things are missing, or wrong, or both.
export function countWords(problems) {
  const missing = problems.filter((problem) => problem.code === "missing").length;
  const kind = missing === problems.length ? "missing" : missing ? "both" : "wrong";
  return say("errors." + kind, { n: problems.length });
}

// The kind words for a problem that the door names; its own where we have none.
export function problemWords(result, values = {}) {
  const key = "problem." + result.code;
  const title = say(key, values);
  if (title !== key) return title;
  return result.data.title || say("problem.unexpected", values);
}
