// What the types of questions take as an answer, and what they keep of a result.

import { dayOfText, isNothing, scalarOf, textOfDay, toNumber, toText } from "./values.js";
import { toDay } from "./functions.js";

const LONGEST_TEXT = 1000;
const WIDEST_INTEGER = 2 ** 31;
const WHOLE = 1e-9;
const FULL_DATE = /^\d{4}-\d\d-\d\d$/;
// What XML cannot hold: control characters, lone surrogates, U+FFFE and U+FFFF.
const NOT_IN_XML = /[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]/u;

function isInteger(value) {
  return Number.isInteger(value) && value >= -WIDEST_INTEGER && value < WIDEST_INTEGER;
}

function isDecimal(value) {
  return Number.isInteger(value) ? Math.abs(value) <= 2 ** 53 : Number.isFinite(value);
}

function isPlainText(value) {
  return typeof value === "string" && Array.from(value).length <= LONGEST_TEXT && !NOT_IN_XML.test(value);
}

export function isBlank(value) {
  return value === undefined || value === null || value === "";
}

// Whether an answer is of the question's type; a blank one is of none.
export function isOfType(type, value) {
  if (type === "integer") return isInteger(value);
  if (type === "decimal") return isDecimal(value);
  if (type !== "date") return isPlainText(value);
  return typeof value === "string" && FULL_DATE.test(value) && dayOfText(value) !== null;
}

function keptNumber(type, number) {
  if (!Number.isFinite(number)) return "";
  const whole = Math.trunc(number) || 0;
  return type === "integer" || Math.abs(number - whole) < WHOLE ? whole : number;
}

// A calculation's result as JavaRosa keeps it: its own kind, unless the type can read a text; ""
// for no answer.
export function keptAs(type, given) {
  const value = scalarOf(given);
  if (typeof value === "number") return keptNumber(type, value);
  if (typeof value !== "string" || value === "") return value;
  if (type === "integer" || type === "decimal") return keptNumber(type, toNumber(value));
  return type === "date" ? toDay(value) : value;
}

// A result as an answer to a question of that type, as JSON has it; null for none.
export function answerAs(type, value) {
  if (isNothing(value)) return null;
  if (type === "integer" || type === "decimal") return orNull(keptNumber(type, toNumber(value)));
  if (type !== "date") return toText(value);
  const day = toDay(value);
  return day === "" ? null : textOfDay(day);
}

function orNull(value) {
  return value === "" ? null : value;
}
