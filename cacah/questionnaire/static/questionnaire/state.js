// The answers while they change: rows, typed values, and what follows from them, kept fresh.

import { Schema } from "./schema.js";
import { dayOfText, toNumber, toText, toTruth } from "./values.js";
import { answerAs, isBlank, isOfType, keptAs } from "./types.js";

export const MOST_ROWS = 60;
const FIRST_EPOCH = 1;

// The form itself (depth 0) or one row of a repeat; groups have no rows of their own.
class InstanceRow {
  constructor(repeat, parent) {
    this.repeat = repeat;
    this.parent = parent;
    this.depth = parent ? parent.depth + 1 : 0;
    this.typed = [];
    this.rows = [];
    this.forget(0);
  }

  forget(epoch) {
    this.epoch = epoch;
    this.known = { relevant: [], value: [], count: [] };
  }
}

export class State {
  constructor(instrument, { answers, today }) {
    this.schema = new Schema(instrument);
    this.messages = instrument.messages || {};
    this.today = dayOfText(today) || "";
    this.epoch = FIRST_EPOCH;
    this.making = new Set();
    this.root = new InstanceRow(null, null);
    const given = answers || {};
    this.load(this.root, this.schema.children, given);
    if (!Object.keys(given).length) this.applyDefaults(this.root, this.schema.children);
  }

  // Takes what was answered before; a row that was there keeps its empty answers empty.
  load(row, nodes, answers) {
    for (const node of nodes) {
      const value = answers[node.name];
      if (isBlank(value)) continue;
      if (node.kind === "group" && typeof value === "object") this.load(row, node.children, value);
      else if (node.kind === "repeat" && Array.isArray(value)) this.loadRows(row, node, value);
      else if (node.kind === "question") row.typed[node.id] = value;
    }
  }

  loadRows(row, repeat, values) {
    row.rows[repeat.id] = values.map((value) => {
      const inside = new InstanceRow(repeat, row);
      this.load(inside, repeat.children, value || {});
      return inside;
    });
  }

  applyDefaults(row, nodes) {
    for (const node of nodes) {
      if (node.kind === "group") this.applyDefaults(row, node.children);
      const rule = node.children || node.kind === "note" ? null : this.schema.rule(node, "default");
      if (!rule) continue;
      const value = answerAs(node.type, rule(this.env(row, node), row));
      if (value !== null) row.typed[node.id] = value;
      row.forget(0);
    }
  }

  makeRow(row, repeat) {
    const made = new InstanceRow(repeat, row);
    (row.rows[repeat.id] = row.rows[repeat.id] || []).push(made);
    this.applyDefaults(made, repeat.children);
  }

  changed() {
    this.epoch += 1;
  }

  env(row, node) {
    return { state: this, origin: row, node, item: null };
  }

  // A rule's value where the node stands; a repeat's own rules stand outside its rows.
  ruleValue(row, node, name) {
    const rule = this.schema.rule(node, name);
    return rule ? rule(this.env(row, node), row) : null;
  }

  knownIn(row) {
    if (row.epoch !== this.epoch) row.forget(this.epoch);
    return row.known;
  }

  isRelevant(given, node) {
    const row = node.kind === "repeat" && given.repeat === node ? given.parent : given;
    const known = this.knownIn(row).relevant;
    if (known[node.id] === undefined) {
      const around = !node.parent || this.isRelevant(row, node.parent);
      const rule = around && this.schema.rule(node, "relevant");
      known[node.id] = around && (!rule || toTruth(rule(this.env(row, node), row)));
    }
    return known[node.id];
  }

  // The value an expression sees: "" where the node is not relevant or not answered.
  valueAt(row, node) {
    if (node.children || !this.isRelevant(row, node)) return "";
    const known = this.knownIn(row).value;
    if (known[node.id] === undefined) {
      known[node.id] = this.keptValue(row, node); // what `.` sees inside its own calculation
      known[node.id] = this.freshValue(row, node);
    }
    return known[node.id];
  }

  freshValue(row, node) {
    if (this.schema.rule(node, "calculate")) {
      return keptAs(node.type, this.ruleValue(row, node, "calculate"));
    }
    return this.keptValue(row, node);
  }

  // What was typed, as expressions see it; "" where it is not of the question's type.
  keptValue(row, node) {
    const typed = row.typed[node.id];
    if (isBlank(typed) || !isOfType(node.type, typed)) return "";
    return node.type === "date" ? dayOfText(typed) : typed;
  }

  // How many rows the repeat's count asks for, null where it has no count.
  countOf(row, repeat) {
    if (!this.schema.rule(repeat, "count")) return null;
    const known = this.knownIn(row).count;
    if (known[repeat.id] === undefined) {
      known[repeat.id] = 0;
      const number = Math.trunc(toNumber(this.ruleValue(row, repeat, "count")));
      known[repeat.id] = number > 0 ? Math.min(number, MOST_ROWS) : 0;
    }
    return known[repeat.id];
  }

  rowsOfRepeat(row, repeat) {
    const count = this.countOf(row, repeat);
    const rows = row.rows[repeat.id] || (row.rows[repeat.id] = []);
    if (count === null || rows.length === count) return rows;
    if (rows.length < count && !this.making.has(rows)) {
      this.making.add(rows);
      while (rows.length < count) this.makeRow(row, repeat);
      this.making.delete(rows);
    }
    return rows.slice(0, count);
  }

  // Rows that a count hides are kept, but answers that came with them were not as they should be.
  hasTooManyRows(row, repeat) {
    const stored = (row.rows[repeat.id] || []).length;
    const count = this.countOf(row, repeat);
    return stored > MOST_ROWS || (count !== null && stored > count && this.epoch === FIRST_EPOCH);
  }

  numberOfRow(row) {
    return row.parent ? row.parent.rows[row.repeat.id].indexOf(row) + 1 : 1;
  }

  itemsOf(list) {
    return this.schema.lists[list] || [];
  }

  text(text, env, row) {
    if (!Array.isArray(text)) return text || "";
    const parts = this.schema.textParts(text);
    return parts.map((part) => (typeof part === "string" ? part : toText(part(env, row)))).join("");
  }

  // The items of the node's list that its filter leaves.
  itemsFor(row, node) {
    const items = this.itemsOf(node.json.list);
    const filter = this.schema.rule(node, "filter");
    if (!filter) return items;
    const env = this.env(row, node);
    return items.filter((item) => {
      env.item = item;
      return toTruth(filter(env, row));
    });
  }
}
