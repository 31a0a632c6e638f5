// Two versions of one family's answers, part by part: who is who, what differs, and the one made
// of both. Nothing here touches the page.

import { covers, fieldsOf, inRow, registerField, repeatsOf, rowsOf } from "../plan.js";
import { answerText } from "../summary.js";
import { Visit } from "../visit.js";
import { contentOf } from "./elsewhere.js";

export function versionOf(instrument, { answers, remarks, seen }) {
  const draft = { answers, remarks: remarks || {}, seen: seen || {}, prefill: null };
  return new Visit(instrument, draft, () => null);
}

function registered(version, repeat, row, name) {
  const field = registerField(repeat, name);
  const value = field && version.interview.get(inRow(repeat, row, field));
  return value ? String(value).trim().toUpperCase() : "";
}

// The rows of two versions that are the same person: by NIK, else by name, else by place, where
// neither of them says that they differ. Gives pairs of row numbers, 0 for one that is missing.
export function pairRows(mine, theirs, repeat) {
  const read = (version) =>
    rowsOf(version.interview, repeat.name).map((row, index) => ({
      number: index + 1,
      nik: registered(version, repeat, row, "nik"),
      name: registered(version, repeat, row, "name"),
    }));
  const [own, other] = [read(mine), read(theirs)];
  const partners = new Map();
  const free = new Set(other);
  const tests = [
    (a, b) => a.nik && a.nik === b.nik,
    (a, b) => a.name && a.name === b.name && !(a.nik && b.nik),
    (a, b) => a.number === b.number && !(a.nik && b.nik) && !(a.name && b.name && a.nik + b.nik),
    (a, b) => a.number === b.number && !(a.nik && b.nik),
  ];
  for (const test of tests) {
    for (const a of own) {
      const b = !partners.has(a) && [...free].find((each) => test(a, each));
      if (b) {
        partners.set(a, b);
        free.delete(b);
      }
    }
  }
  const pairs = own.map((a) => [a.number, partners.has(a) ? partners.get(a).number : 0]);
  return pairs.concat([...free].map((b) => [0, b.number]));
}

// What is read on the pages of a part: [key, label, words] in order; the key is the same in both.
function linesOf(version, isOwn, base) {
  const lines = [];
  for (const section of version.sections().filter(isOwn)) {
    for (const page of section.pages) {
      for (const place of fieldsOf(version.interview, page)) {
        const warning = place.node.kind === "note";
        if (warning && !place.node.warning) continue;
        const words = warning ? version.remark(place.path) : answerText(version.interview, place);
        const label = version.interview.text(place.path, "label") || "";
        lines.push([place.path.slice(base.length), label, words]);
      }
    }
  }
  return lines;
}

function differences(mine, theirs) {
  const found = new Map();
  for (const [key, label, words] of mine) found.set(key, { label, mine: words, theirs: "" });
  for (const [key, label, words] of theirs) {
    const both = found.get(key) || { label, mine: "", theirs: "" };
    found.set(key, { ...both, theirs: words });
  }
  return [...found.values()].filter((each) => each.mine !== each.theirs);
}

function rowPath(repeat, number) {
  return `${repeat.name}[${number}]`;
}

function rowContent(version, repeat, number) {
  const path = rowPath(repeat, number);
  const remarks = {};
  for (const [key, text] of Object.entries(version.draft.remarks)) {
    if (covers(path, key)) remarks[key.slice(path.length)] = text;
  }
  return contentOf({ answers: version.typed()[repeat.name][number - 1], remarks });
}

function titleOf(version, path) {
  const section = version.sections().find((each) => each.path === path);
  return section ? section.title : "";
}

function linesOfRow(version, repeat, number) {
  const path = rowPath(repeat, number);
  return number ? linesOf(version, (section) => section.path === path, path) : [];
}

// Which side alone has changed since both were the same: "mine", "theirs", or "" where both have.
function changedAlone(same, mineChanged, theirsChanged) {
  if (same || mineChanged === theirsChanged) return "";
  return mineChanged ? "mine" : "theirs";
}

function personParts(mine, theirs, base, repeat) {
  const ofBase = (version) => {
    const pairs = base ? pairRows(version, base, repeat) : [];
    return new Map(pairs.filter(([own, old]) => own && old));
  };
  const [oldMine, oldTheirs] = [ofBase(mine), ofBase(theirs)];
  const changed = (version, number, old) =>
    !old || rowContent(version, repeat, number) !== rowContent(base, repeat, old);
  return pairRows(mine, theirs, repeat).map(([own, other]) => {
    const part = { repeat, own, other, id: `${repeat.name}-${own}-${other}` };
    part.name = titleOf(mine, rowPath(repeat, own)) || titleOf(theirs, rowPath(repeat, other));
    if (!own || !other) {
      const old = own ? oldMine.get(own) : oldTheirs.get(other);
      // Somebody who was not there before has been added; who was there, removed on one side.
      part.advice = base && !old ? (own ? "mine" : "theirs") : "";
      return part;
    }
    part.lines = differences(linesOfRow(mine, repeat, own), linesOfRow(theirs, repeat, other));
    const [a, b] = [oldMine.get(own), oldTheirs.get(other)];
    const same = !part.lines.length;
    part.advice = base
      ? changedAlone(same, changed(mine, own, a), changed(theirs, other, b))
      : "";
    return part;
  });
}

function householdContent(version, repeats) {
  const answers = { ...version.typed() };
  for (const { name } of repeats) delete answers[name];
  const remarks = {};
  for (const [key, text] of Object.entries(version.draft.remarks)) {
    if (!repeats.some(({ name }) => covers(name, key))) remarks[key] = text;
  }
  return contentOf({ answers, remarks });
}

// The parts in which two versions may differ: the household's, then each person's. `base` is what
// both were, or null. A part is {id, name, lines, advice, repeat, own, other}; no `lines` where
// only one side has the person.
export function partsOf(mine, theirs, base) {
  const repeats = repeatsOf(mine.instrument);
  const isHousehold = (section) => !section.repeat;
  const lines = differences(linesOf(mine, isHousehold, ""), linesOf(theirs, isHousehold, ""));
  const old = base && householdContent(base, repeats);
  const changed = (version) => householdContent(version, repeats) !== old;
  const advice = base ? changedAlone(!lines.length, changed(mine), changed(theirs)) : "";
  const household = { id: "household", name: "", lines, advice, repeat: null };
  return [household, ...repeats.flatMap((each) => personParts(mine, theirs, base, each))];
}

export function isOpen(part) {
  return !part.lines || part.lines.length > 0;
}

function carryOver(target, source, from, to) {
  for (const [key, value] of Object.entries(source)) {
    if (covers(from, key)) target[to + key.slice(from.length)] = value;
  }
}

// One version of two: `choose(part)` is "mine", "theirs" or "none"; a part that is the same on both
// sides is taken from this one.
export function merged(mine, theirs, parts, choose) {
  const repeats = repeatsOf(mine.instrument);
  const sideOf = (choice) => (choice === "theirs" ? theirs : mine);
  const [household, ...persons] = parts;
  const side = sideOf(isOpen(household) ? choose(household) : "mine");
  const result = { answers: { ...side.typed() }, remarks: {}, seen: {} };
  for (const { name } of repeats.filter((each) => persons.some((part) => part.repeat === each))) {
    result.answers[name] = [];
  }
  for (const map of ["remarks", "seen"]) {
    for (const [key, value] of Object.entries(side.draft[map])) {
      if (!repeats.some(({ name }) => covers(name, key))) result[map][key] = value;
    }
  }
  for (const part of persons) {
    const choice = isOpen(part) ? choose(part) : "mine";
    const version = sideOf(choice);
    const number = choice === "theirs" ? part.other : part.own;
    if (choice === "none" || !number) continue;
    const { name } = part.repeat;
    const rows = result.answers[name];
    rows.push(version.typed()[name][number - 1]);
    const [from, to] = [rowPath(part.repeat, number), rowPath(part.repeat, rows.length)];
    for (const map of ["remarks", "seen"]) carryOver(result[map], version.draft[map], from, to);
  }
  return result;
}
