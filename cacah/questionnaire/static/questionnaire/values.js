// The values an expression works with: number, string, boolean, Day, and arrays of them (nodesets).

const DAY_LENGTH = 86400000;
const NUMBER_TEXT = /^-?(\d+\.?\d*|\.\d+)$/;
const DAY_TEXT = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:T[^]*)?$/;
const SAME = 1e-12;
const JAVA_INT = 2 ** 31;
const SMALL = 1e-4; // below and above, numbers as text would have an exponent
const LARGE = 1e16;
const FIRST_DAY = -719162; // 0001-01-01
const LAST_DAY = 2932896; // 9999-12-31

// ODK's date: days since 1970-01-01 as a number, YYYY-MM-DD as a string.
export class Day {
  constructor(days) {
    this.days = days;
  }
}

// A time behind the day is left out; null for a day that there is not.
export function dayOfText(text) {
  const found = DAY_TEXT.exec(text);
  if (!found) return null;
  const [year, month, day] = found.slice(1).map(Number);
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  const exists = year > 0 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return exists ? new Day(Math.round(date.getTime() / DAY_LENGTH)) : null;
}

export function dayOfNumber(number) {
  const days = Math.trunc(number);
  return days >= FIRST_DAY && days <= LAST_DAY ? new Day(days) : null;
}

export function dateOfDay(day) {
  return new Date(day.days * DAY_LENGTH);
}

export function textOfDay(day) {
  const date = dateOfDay(day);
  const pad = (number, width) => String(number).padStart(width, "0");
  const year = pad(date.getUTCFullYear(), 4);
  return `${year}-${pad(date.getUTCMonth() + 1, 2)}-${pad(date.getUTCDate(), 2)}`;
}

// A nodeset used as one value is its first node's.
export function scalarOf(value) {
  if (!Array.isArray(value)) return value;
  return value.length ? value[0] : "";
}

export function listOfValues(value) {
  return Array.isArray(value) ? value : [value];
}

export function toNumber(given) {
  const value = scalarOf(given);
  if (typeof value === "number") return value;
  if (typeof value === "boolean") return value ? 1 : 0;
  if (value instanceof Day) return value.days;
  const text = value.trim().split(",").join(".");
  return NUMBER_TEXT.test(text) ? Number(text) : NaN;
}

// Never with an exponent, and whole where it all but is, so that every reader writes the same.
function textOfNumber(number) {
  const size = Math.abs(number);
  if (size < JAVA_INT && Math.abs(number - Math.round(number)) < SAME) {
    return String(Math.round(number) || 0);
  }
  if (size < SMALL) return number.toFixed(17).replace(/\.?0+$/, "");
  return size >= LARGE && size < Infinity ? BigInt(number).toString() : String(number);
}

export function toText(given) {
  const value = scalarOf(given);
  if (typeof value === "string") return value;
  if (value instanceof Day) return textOfDay(value);
  return typeof value === "number" ? textOfNumber(value) : String(value);
}

export function toTruth(given) {
  const value = scalarOf(given);
  if (typeof value === "boolean") return value;
  if (typeof value === "number") return Math.abs(value) > SAME;
  return value instanceof Day || value.length > 0;
}

// As JavaRosa compares: booleans first, then numbers, else the strings.
export function sameValues(first, second) {
  const [a, b] = [scalarOf(first), scalarOf(second)];
  if (typeof a === "boolean" || typeof b === "boolean") return toTruth(a) === toTruth(b);
  if (typeof a === "number" || typeof b === "number") {
    return Math.abs(toNumber(a) - toNumber(b)) < SAME;
  }
  return toText(a) === toText(b);
}

export function isNothing(given) {
  const value = scalarOf(given);
  return value === "" || Number.isNaN(value);
}
