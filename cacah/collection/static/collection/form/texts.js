// The words of the page, taken from the page itself: the code holds none.

let words = {};
let locale = "id";

export function useTexts(texts, language) {
  words = texts;
  locale = language;
}

export function addTexts(texts) {
  words = { ...words, ...texts };
}

export function say(key, values = {}) {
  const one = values.n === 1 && words[key + ".one"];
  const text = one || words[key] || key;
  return text.replace(/\{(\w+)\}/g, (_, name) => (name in values ? values[name] : ""));
}

// A number as it is kept, of one written in groups.
export function onlyDigits(text) {
  return text.replace(/[\s.\u2010-\u2015-]/g, "");
}

export function sayDay(day) {
  const [year, month, date] = day.split("-").map(Number);
  const options = { day: "numeric", month: "long", year: "numeric" };
  return new Date(year, month - 1, date).toLocaleDateString(locale, options);
}

export function sayMoment(moment, timeZone) {
  const at = new Date(moment);
  const day = at.toLocaleDateString(locale, { day: "numeric", month: "long", year: "numeric", timeZone });
  const zoned = { hour: "2-digit", minute: "2-digit", timeZone, timeZoneName: "short" };
  const time = at.toLocaleTimeString(locale, zoned);
  // Where a language has no short name for the zone it gets the whole name.
  const named = time.includes("GMT") ? at.toLocaleTimeString(locale, { ...zoned, timeZoneName: "long" }) : time;
  return `${day}, ${named}`;
}

export function monthNames() {
  const format = new Intl.DateTimeFormat(locale, { month: "long", timeZone: "UTC" });
  return [...Array(12).keys()].map((month) => format.format(new Date(Date.UTC(2020, month, 15))));
}
