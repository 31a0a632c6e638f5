// What to check when two numbers are not found together, and the way on when they are right.

import { button, el, refill } from "../dom.js";
import { helpWords } from "../errors.js";
import { onlyDigits, say } from "../texts.js";

const FEMALE = 40;

function groups(digits) {
  return digits.replace(/(\d{4})(?=\d)/g, "$1 ");
}

// Digits 7 to 12 are the day (40 more for women), the month and the year of birth.
function datePart(digits) {
  const day = Number(digits.slice(6, 8));
  const month = Number(digits.slice(8, 10));
  const date = day > FEMALE ? day - FEMALE : day;
  return { day, possible: date >= 1 && date <= 31 && month >= 1 && month <= 12 };
}

function hints(nik, kk) {
  const found = [];
  if (nik === kk) found.push("check.same");
  else if (!datePart(nik).possible) found.push("check.date");
  // A family card is issued on a day like any other; only a woman's NIK has one above 40.
  else if (datePart(kk).day > FEMALE) found.push("check.swapped");
  return found;
}

function typedLine(term, digits) {
  return el(
    "div",
    { class: "answer" },
    el("dt", null, term),
    el("dd", null, groups(digits)),
  );
}

// Takes the place of the short words in the box that says so.
export function explainNotFound(app, box) {
  const nik = onlyDigits(app.typed.nik || "");
  const kk = onlyDigits(app.typed.kk || "");
  app.misses = (app.misses || 0) + 1;
  const again = app.misses > 1;
  const checks = [...hints(nik, kk), "check.digits", "check.older", "check.member"];
  refill(
    box,
    box.firstChild,
    el("dl", { class: "answers" }, typedLine(say("nik.label"), nik), typedLine(say("kk.label"), kk)),
    el("p", null, say("check.title")),
    el("ol", { class: "checks" }, checks.map((key) => el("li", null, say(key)))),
    el("p", null, say(again ? "check.onward" : "check.still")),
    el("p", null, button(say("unlisted.title"), () => app.go("unlisted"), again ? "main" : "link")),
    el("p", null, helpWords(app.facts)),
  );
}
