// Lays the instrument out as sections and pages, for the answers as they stand.

import { say } from "./texts.js";

function has(node, word) {
  return Boolean(node.appearance && node.appearance.includes(word));
}

export function isDateParts(node) {
  return node.kind === "group" && has(node, "date-parts");
}

export function appears(node, word) {
  return has(node, word);
}

function isShown(node) {
  if (node.kind === "note") return true;
  return node.kind === "question" && node.type !== "hidden" && !(node.calculate && !node.label);
}

function within(path, name) {
  return path ? path + "/" + name : name;
}

function placesBelow(interview, place) {
  const below = [];
  for (const node of place.node.children || []) {
    const path = within(place.path, node.name);
    if (node.kind !== "repeat") below.push({ node, path });
    else for (const row of rowsOf(interview, path)) below.push({ node, path: row, row: true });
  }
  return below;
}

export function rowsOf(interview, path) {
  const count = interview.relevant(path) ? interview.rows(path) : 0;
  return [...Array(count).keys()].map((index) => `${path}[${index + 1}]`);
}

// The fields of a page that stand there now: questions, notes and dates in parts.
function fieldsAt(interview, place) {
  if (!interview.relevant(place.path)) return [];
  if (isDateParts(place.node) || isShown(place.node)) return [place];
  return placesBelow(interview, place).flatMap((child) => fieldsAt(interview, child));
}

// All fields that may come to stand on a page, so that it can follow the answers.
function allFieldsAt(interview, place) {
  if (isDateParts(place.node) || isShown(place.node)) return [place];
  return placesBelow(interview, place).flatMap((child) => allFieldsAt(interview, child));
}

function isPage(node) {
  return isDateParts(node) || has(node, "field-list") || isShown(node);
}

// A note that stands alone has no page of its own: it stands on top of the page after it, or
// below the page before it where it is the last.
function joinNotes(pages) {
  const joined = [];
  let notes = [];
  for (const page of pages) {
    if (page.node.kind === "note") notes.push(page);
    else {
      joined.push({ ...page, places: [...notes, ...page.places] });
      notes = [];
    }
  }
  const last = joined[joined.length - 1];
  if (last) last.places = [...last.places, ...notes];
  else if (notes.length) joined.push({ ...notes[0], places: notes });
  return joined;
}

function piecesAt(interview, place) {
  if (!interview.relevant(place.path)) return [];
  if (!isPage(place.node)) {
    return placesBelow(interview, place).flatMap((child) => piecesAt(interview, child));
  }
  return fieldsAt(interview, place).length ? [{ ...place, places: [place] }] : [];
}

function pagesAt(interview, place) {
  return joinNotes(piecesAt(interview, place));
}

export function fieldsOf(interview, page) {
  return page.places.flatMap((place) => fieldsAt(interview, place));
}

export function allFieldsOf(interview, page) {
  return page.places.flatMap((place) => allFieldsAt(interview, place));
}

export function isOnPage(page, path) {
  return page.places.some((place) => covers(place.path, path));
}

// The schema path of a node, below its repeat, as the path of the same node in a row.
export function inRow(repeat, row, node) {
  return row + node.path.slice(repeat.path.length);
}

export function registerField(repeat, field) {
  const search = (node) => {
    if (node.kind === "question" && node.register === field) return node;
    return (node.children || []).reduce((found, child) => found || search(child), null);
  };
  return search(repeat);
}

// The calculate `called` of a repeat names its rows (docs/instrument.md).
export function rowName(interview, repeat, row) {
  const called = (repeat.children || []).some((node) => node.name === "called");
  return (called && interview.get(row + "/called")) || say("member.unnamed");
}

function rowSections(interview, node, path) {
  const rows = rowsOf(interview, path);
  return rows.map((row, index) => ({
    path: row,
    repeat: node,
    number: index + 1,
    of: rows.length,
    title: rowName(interview, node, row),
    pages: pagesAt(interview, { node, path: row }),
  }));
}

// Sections in order: each group below the form, each row of a repeat below the form. Notes
// and questions that stand loose below the form belong to the section before them.
export function sectionsOf(interview, instrument) {
  const sections = [];
  for (const node of instrument.children) {
    const path = node.name;
    if (node.kind === "repeat") {
      sections.push(...rowSections(interview, node, path));
    } else if (node.kind === "group") {
      const pages = pagesAt(interview, { node, path });
      if (pages.length) sections.push({ path, node, title: interview.text(path, "label"), pages });
    } else {
      const pages = pagesAt(interview, { node, path });
      if (pages.length) sections.push({ path, node, title: say("section.loose"), pages });
    }
  }
  return sections;
}

export function repeatsOf(instrument) {
  return instrument.children.filter((node) => node.kind === "repeat");
}

export function covers(outer, path) {
  if (!path.startsWith(outer)) return false;
  return path.length === outer.length || path[outer.length] === "/" || path[outer.length] === "[";
}

// Where a problem can be put right: {section, page}, or null where no page shows it.
export function pageOf(sections, path) {
  for (const section of sections) {
    for (const page of section.pages) {
      if (isOnPage(page, path)) return { section, page };
    }
  }
  const section = sections.find((each) => covers(each.path, path));
  return section && section.pages.length ? { section, page: section.pages[0] } : null;
}
