// Carries what the register holds into the answers, and old answers into a new instrument.

import { rowsOf } from "./plan.js";

function isEmpty(value) {
  return value === undefined || value === null || value === "";
}

function typed(node, value) {
  if (isEmpty(value)) return null;
  if (node.type === "integer" || node.type === "decimal") {
    return Number.isFinite(Number(value)) ? Number(value) : null;
  }
  return String(value);
}

function fill(interview, node, path, record) {
  if (node.kind === "group") {
    for (const child of node.children || []) {
      fill(interview, child, path + "/" + child.name, record);
    }
  } else if (node.kind === "question" && node.register && node.register in record) {
    const value = typed(node, record[node.register]);
    if (value !== null && isEmpty(interview.get(path))) interview.set(path, value);
  }
}

function fillRows(interview, repeat, persons) {
  const before = interview.rows(repeat.name);
  for (let missing = persons.length - before; missing > 0; missing--) {
    interview.addRow(repeat.name);
  }
  const rows = rowsOf(interview, repeat.name);
  persons.forEach((person, index) => {
    for (const child of rows[index] ? repeat.children : []) {
      fill(interview, child, rows[index] + "/" + child.name, person);
    }
  });
}

// Answers already given stay; only what is empty is filled.
export function applyPrefill(interview, instrument, prefill) {
  for (const node of instrument.children) {
    if (node.kind === "repeat") {
      if (node.register === "persons") fillRows(interview, node, prefill.persons || []);
    } else {
      fill(interview, node, node.name, prefill.household || {});
    }
  }
}

// Keeps of old answers what this instrument still has.
export function prune(children, answers) {
  const kept = {};
  for (const node of children || []) {
    const value = answers ? answers[node.name] : null;
    if (isEmpty(value) || node.kind === "note" || node.kind === "calculate") continue;
    // A name may have become another kind of thing.
    if (node.kind === "group") kept[node.name] = prune(node.children, value);
    else if (node.kind === "repeat") {
      if (Array.isArray(value)) kept[node.name] = value.map((row) => prune(node.children, row));
    } else if (typeof value !== "object") kept[node.name] = value;
  }
  return kept;
}

// All that was typed, also what is not relevant now: a slip must not cost a family its answers.
export function everythingTyped(interview, children, base = "") {
  const found = {};
  for (const node of children || []) {
    const path = base + node.name;
    if (node.kind === "group") {
      found[node.name] = everythingTyped(interview, node.children, path + "/");
    } else if (node.kind === "repeat") {
      found[node.name] = [...Array(interview.rows(path)).keys()].map((index) =>
        everythingTyped(interview, node.children, `${path}[${index + 1}]/`),
      );
    } else if (node.kind === "question" && !node.calculate) {
      const value = interview.get(path);
      if (!isEmpty(value)) found[node.name] = value;
    }
  }
  return found;
}

// Paths of rows behind a removed one move up by one; those of the removed row go.
export function withoutRow(map, repeatPath, removed) {
  const moved = {};
  for (const [path, value] of Object.entries(map)) {
    const rest = path.startsWith(repeatPath + "[") ? path.slice(repeatPath.length + 1) : "";
    const row = parseInt(rest, 10);
    if (!rest || row < removed) moved[path] = value;
    else if (row > removed) {
      moved[`${repeatPath}[${row - 1}${rest.slice(String(row).length)}`] = value;
    }
  }
  return moved;
}
