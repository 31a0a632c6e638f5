// Finds what is wrong with the answers, in the form's order.

import { toTruth } from "./values.js";
import { isBlank, isOfType } from "./types.js";

// A list of codes has each once, and single spaces between them.
function areOffered(state, row, node, value) {
  const codes = node.type === "select_one" ? [value] : value.split(" ");
  const offered = new Set(state.itemsFor(row, node).map((item) => item.value));
  return new Set(codes).size === codes.length && codes.every((code) => offered.has(code));
}

function holds(state, row, node, name) {
  const value = state.ruleValue(row, node, name);
  return value !== null && toTruth(value);
}

export function isRequired(state, row, node) {
  return state.isRelevant(row, node) && holds(state, row, node, "required");
}

function noteCodes(state, row, node) {
  if (node.json.warning) return ["warning"];
  return holds(state, row, node, "required") ? ["rule"] : [];
}

function answerCodes(state, row, node, value) {
  const codes = [];
  if (node.json.list && !areOffered(state, row, node, value)) codes.push("choice");
  const constrained = state.schema.rule(node, "constraint") !== null;
  if (constrained && !holds(state, row, node, "constraint")) codes.push("constraint");
  return codes;
}

// The codes of what is wrong with one relevant note, question or calculate.
function codesAt(state, row, node) {
  if (node.kind === "note") return noteCodes(state, row, node);
  const computed = state.schema.rule(node, "calculate") !== null;
  const value = computed ? state.valueAt(row, node) : row.typed[node.id];
  if (isBlank(value)) return holds(state, row, node, "required") ? ["missing"] : [];
  if (!computed && !isOfType(node.type, value)) return ["type"];
  return answerCodes(state, row, node, value);
}

const OWN_MESSAGES = {
  missing: "requiredMessage",
  constraint: "constraintMessage",
  rule: "label",
  warning: "label",
};

function messageOf(state, row, node, code) {
  const text = state.text(node.json[OWN_MESSAGES[code]], state.env(row, node), row);
  return text || state.messages[code];
}

// Whether a place is inside `prefix`, or `prefix` inside it.
function isOnTheWay(path, prefix) {
  const [short, long] = path.length < prefix.length ? [path, prefix] : [prefix, path];
  return !short || (long.startsWith(short) && ["", "/", "["].includes(long.slice(short.length)[0] || ""));
}

export class Checker {
  constructor(state, prefix) {
    this.state = state;
    this.prefix = prefix;
    this.problems = [];
  }

  walk(row, nodes, around) {
    for (const node of nodes) {
      const path = around ? `${around}/${node.name}` : node.name;
      if (!isOnTheWay(path, this.prefix) || !this.state.isRelevant(row, node)) continue;
      if (node.kind === "repeat") this.walkRows(row, node, path);
      else if (node.children) this.walk(row, node.children, path);
      else this.check(row, node, path);
    }
    return this.problems;
  }

  walkRows(row, repeat, path) {
    const rows = this.state.rowsOfRepeat(row, repeat);
    if (this.state.hasTooManyRows(row, repeat)) this.tell("rows", row, repeat, path);
    rows.forEach((inside, index) => {
      const at = `${path}[${index + 1}]`;
      if (isOnTheWay(at, this.prefix)) this.walk(inside, repeat.children, at);
    });
  }

  check(row, node, path) {
    for (const code of codesAt(this.state, row, node)) this.tell(code, row, node, path);
  }

  tell(code, row, node, path) {
    this.problems.push({ code, path, message: messageOf(this.state, row, node, code) });
  }
}
