// The functions of ODK's expression language, by their names there; arguments come as values.

import { Day, dateOfDay, dayOfNumber, dayOfText, isNothing, listOfValues, scalarOf, toNumber, toText, toTruth } from "./values.js";
import { matchesWhole } from "./patterns.js";

const MOST_PLACES = 30;
const SPACES_AROUND = /^[\0- ]+|[\0- ]+$/g;

function numbersOf(given) {
  const values = given.reduce((all, each) => all.concat(listOfValues(each)), []);
  return values.map(toNumber).filter((number) => !Number.isNaN(number));
}

function codesOf(value) {
  return toText(value).split(" ").filter(Boolean);
}

function textsOf(given) {
  return given.reduce((all, each) => all.concat(listOfValues(each)), []).map(toText);
}

// Accepts a day, days since 1970, or a date as text; "" for anything else.
export function toDay(given) {
  const value = scalarOf(given);
  if (value instanceof Day) return value;
  return (typeof value === "string" ? dayOfText(value) : dayOfNumber(toNumber(value))) || "";
}

// Half goes up, also below zero; left of the point JavaRosa cuts off after adding the half.
function roundTo(value, places) {
  if (!Number.isFinite(value)) return value;
  if (Math.abs(places) > MOST_PLACES) return NaN;
  if (places >= 0) return shifted(Math.round(shifted(value, places)), -places);
  const scale = 10 ** -places;
  return Math.trunc(value / scale + 0.5) * scale;
}

// Moves the decimal point in the text, where multiplying would not be exact.
function shifted(value, places) {
  const [digits, exponent = "0"] = String(value).split("e");
  return Number(`${digits}e${Number(exponent) + places}`);
}

function between(text, from, to) {
  const length = text.length;
  const start = from < 0 ? Math.max(0, length + from) : Math.min(from, length);
  const end = to < 0 ? Math.max(0, length + to) : Math.min(to, length);
  return start < end ? text.slice(start, end) : "";
}

function wholeNumber(value) {
  const number = Math.trunc(toNumber(value));
  return Number.isNaN(number) ? 0 : number;
}

function translated(text, from, to) {
  const [source, target] = [Array.from(from), Array.from(to)];
  return Array.from(text)
    .map((sign) => {
      const at = source.indexOf(sign);
      return at < 0 ? sign : target[at] || "";
    })
    .join("");
}

function daysOf(given) {
  const value = scalarOf(given);
  const day = typeof value === "string" ? toDay(value) : value;
  return day === "" ? "" : toNumber(day);
}

const DATE_SIGNS = {
  Y: (date) => String(date.getUTCFullYear()).padStart(4, "0"),
  y: (date) => String(date.getUTCFullYear() % 100).padStart(2, "0"),
  m: (date) => String(date.getUTCMonth() + 1).padStart(2, "0"),
  n: (date) => String(date.getUTCMonth() + 1),
  d: (date) => String(date.getUTCDate()).padStart(2, "0"),
  e: (date) => String(date.getUTCDate()),
  H: () => "00",
  h: () => "0",
  M: () => "00",
  S: () => "00",
  3: () => "000",
  "%": () => "%",
};

function formatted(value, format) {
  const day = toDay(value);
  if (day === "") return "";
  const date = dateOfDay(day);
  return toText(format).replace(/%([^]?)/g, (all, sign) => {
    return sign in DATE_SIGNS ? DATE_SIGNS[sign](date) : "";
  });
}

function countIsWithin(least, most, count) {
  const [from, to] = [wholeNumber(least), wholeNumber(most)];
  return (from < 0 || count >= from) && (to < 0 || count <= to);
}

function weightedChecklist(least, most, ...pairs) {
  let weight = 0;
  for (let at = 0; at + 1 < pairs.length; at += 2) {
    if (toTruth(pairs[at])) weight += toNumber(pairs[at + 1]);
  }
  return weight >= toNumber(least) && weight <= toNumber(most);
}

function partAround(text, separator, side) {
  const at = toText(text).indexOf(toText(separator));
  if (at < 0) return "";
  return side < 0 ? toText(text).slice(0, at) : toText(text).slice(at + toText(separator).length);
}

function logic() {
  return {
    true: () => true,
    false: () => false,
    boolean: toTruth,
    not: (value) => !toTruth(value),
    "boolean-from-string": (value) => ["1", "true"].includes(toText(value).toLowerCase()),
    coalesce: (first, second) => (isNothing(first) ? second : first),
    checklist: (least, most, ...given) => {
      const marks = given.reduce((all, each) => all.concat(listOfValues(each)), []);
      return countIsWithin(least, most, marks.filter(toTruth).length);
    },
    "weighted-checklist": weightedChecklist,
    selected: (value, code) => ` ${toText(value)} `.includes(` ${toText(code).trim()} `),
    "count-selected": (value) => codesOf(value).length,
    "selected-at": (value, at) => codesOf(value)[wholeNumber(at)] || "",
    regex: (value, pattern) => matchesWhole(toText(value), toText(pattern)),
  };
}

function arithmetic() {
  const own = { number: toNumber, int: (value) => Math.trunc(toNumber(value)) };
  own.round = (value, places = 0) => roundTo(toNumber(value), wholeNumber(places));
  own.sum = (...given) => numbersOf(given).reduce((total, number) => total + number, 0);
  own.min = (...given) => (numbersOf(given).length ? Math.min(...numbersOf(given)) : NaN);
  own.max = (...given) => (numbersOf(given).length ? Math.max(...numbersOf(given)) : NaN);
  own.pi = () => Math.PI;
  own.pow = (base, power) => Math.pow(toNumber(base), toNumber(power));
  own.atan2 = (y, x) => Math.atan2(toNumber(y), toNumber(x));
  own.exp10 = (value) => Math.pow(10, toNumber(value));
  for (const name of "abs sqrt exp log log10 sin cos tan asin acos atan".split(" ")) {
    own[name] = (value) => Math[name](toNumber(value));
  }
  return own;
}

function strings() {
  return {
    string: toText,
    concat: (...given) => textsOf(given).join(""),
    join: (separator, ...given) => textsOf(given).join(toText(separator)),
    substr: (value, from, to = Infinity) => {
      return between(toText(value), wholeNumber(from), wholeNumber(to));
    },
    "substring-before": (text, separator) => partAround(text, separator, -1),
    "substring-after": (text, separator) => partAround(text, separator, 1),
    "string-length": (value) => toText(value).length,
    contains: (text, part) => toText(text).includes(toText(part)),
    "starts-with": (text, part) => toText(text).startsWith(toText(part)),
    "ends-with": (text, part) => toText(text).endsWith(toText(part)),
    translate: (text, from, to) => translated(toText(text), toText(from), toText(to)),
    "normalize-space": (value) => toText(value).replace(SPACES_AROUND, "").replace(/[ \t\n\v\f\r]+/g, " "),
    date: toDay,
    "decimal-date-time": daysOf,
    "format-date": formatted,
  };
}

// Those that need only their arguments; the evaluator has the others.
export const PLAIN_FUNCTIONS = Object.assign({}, logic(), arithmetic(), strings());
