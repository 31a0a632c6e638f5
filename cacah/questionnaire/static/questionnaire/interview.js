// The browser's reader of an instrument: answers in, what is relevant, wrong and to be sent out.

import { Day, isNothing, textOfDay, toTruth } from "./values.js";
import { answerAs, isBlank } from "./types.js";
import { MOST_ROWS, State } from "./state.js";
import { Checker, isRequired } from "./checks.js";

const STEP = /^([^[\]]+)(?:\[(\d+)\])?$/;

// As JSON has it: a date as text, nothing as null.
function jsonOf(value) {
  if (value instanceof Day) return textOfDay(value);
  return isBlank(value) || isNothing(value) ? null : value;
}

export class Interview {
  constructor(instrument, { answers, today }) {
    this.state = new State(instrument, { answers, today });
  }

  // The row and node at a path, null where there is no such row now.
  find(path) {
    let [row, nodes, node] = [this.state.root, this.state.schema.children, null];
    for (const step of path.split("/")) {
      const [, name, number] = STEP.exec(step) || [];
      if (node && node.kind === "repeat" && row.repeat !== node) return null;
      node = (nodes || []).find((each) => each.name === name);
      if (!node) throw new Error(`the instrument has no node ${path}`);
      if (number) row = this.state.rowsOfRepeat(row, node)[number - 1];
      if (!row) return null;
      nodes = node.children;
    }
    return { row, node };
  }

  node(path) {
    return this.state.schema.node(path.replace(/\[\d+\]/g, "")).json;
  }

  // What was typed (kept while it is not relevant), or what a calculate gives now.
  get(path) {
    const place = this.find(path);
    if (!place) return null;
    const { row, node } = place;
    if (this.state.schema.rule(node, "calculate")) return jsonOf(this.state.valueAt(row, node));
    return isBlank(row.typed[node.id]) ? null : row.typed[node.id];
  }

  set(path, value) {
    const place = this.find(path);
    if (!place || place.node.kind !== "question") throw new Error(`${path} takes no answer`);
    place.row.typed[place.node.id] = isBlank(value) ? undefined : value;
    this.state.changed();
  }

  relevant(path) {
    const place = this.find(path);
    return Boolean(place) && this.state.isRelevant(place.row, place.node);
  }

  required(path) {
    const place = this.find(path);
    return Boolean(place) && isRequired(this.state, place.row, place.node);
  }

  readonly(path) {
    const place = this.find(path);
    if (!place) return false;
    const value = this.state.ruleValue(place.row, place.node, "readonly");
    return value !== null && toTruth(value);
  }

  text(path, kind) {
    const place = this.find(path);
    if (!place) return "";
    const { row, node } = place;
    return this.state.text(node.json[kind], this.state.env(row, node), row);
  }

  choices(path) {
    const place = this.find(path);
    if (!place) return [];
    const { row, node } = place;
    const env = this.state.env(row, node);
    return this.state.itemsFor(row, node).map((item) => {
      return { value: item.value, label: this.state.text(item.label, env, row) };
    });
  }

  rows(path) {
    const place = this.find(path);
    return place ? this.state.rowsOfRepeat(place.row, place.node).length : 0;
  }

  // Gives the new row's number; a repeat takes 60 rows and, with a count, no other number.
  addRow(path) {
    const place = this.find(path);
    if (!place || place.node.kind !== "repeat") throw new Error(`${path} is not a repeat`);
    const { row, node } = place;
    const rows = this.state.rowsOfRepeat(row, node);
    if (rows.length >= MOST_ROWS || this.state.countOf(row, node) !== null) {
      throw new Error(`${path} takes no more rows`);
    }
    this.state.makeRow(row, node);
    this.state.changed();
    return rows.length;
  }

  removeRow(path, number) {
    const { row, node } = this.find(path);
    const rows = row.rows[node.id] || [];
    if (number >= 1 && number <= rows.length) rows.splice(number - 1, 1);
    this.state.changed();
  }

  problems(prefix) {
    const checker = new Checker(this.state, prefix || "");
    return checker.walk(this.state.root, this.state.schema.children, "");
  }

  // What is sent: no calculates, nothing that is not relevant, nothing empty.
  answers() {
    return this.answersOf(this.state.root, this.state.schema.children);
  }

  answersOf(row, nodes) {
    const found = {};
    for (const node of nodes) {
      if (!this.state.isRelevant(row, node)) continue;
      const value = this.answerOf(row, node);
      if (value !== null) found[node.name] = value;
    }
    return found;
  }

  answerOf(row, node) {
    if (node.kind === "repeat") {
      const rows = this.state.rowsOfRepeat(row, node);
      return rows.length ? rows.map((inside) => this.answersOf(inside, node.children)) : null;
    }
    if (node.kind === "group") {
      const inside = this.answersOf(row, node.children);
      return Object.keys(inside).length ? inside : null;
    }
    if (node.kind !== "question") return null;
    if (this.state.schema.rule(node, "calculate")) {
      return answerAs(node.type, this.state.valueAt(row, node));
    }
    return isBlank(row.typed[node.id]) ? null : row.typed[node.id];
  }
}
