// Turns an expression of the instrument's tree into a function of (env, row).
//
// `env` holds what does not change inside one evaluation: state (the interview), node and origin
// (where the expression stands), item (the choice a filter looks at). `row` is the row that the
// expression's references start from: the origin, or inside a predicate the row being tested.

import { isNothing, sameValues, scalarOf, toNumber, toTruth } from "./values.js";
import { PLAIN_FUNCTIONS } from "./functions.js";
import { nodesNamed, rowAtDepth, valueInRows } from "./references.js";

const NUMBER_OPERATORS = {
  "+": (a, b) => a + b,
  "-": (a, b) => a - b,
  "*": (a, b) => a * b,
  div: (a, b) => a / b,
  mod: (a, b) => a % b,
  "<": (a, b) => a < b,
  "<=": (a, b) => a <= b,
  ">": (a, b) => a > b,
  ">=": (a, b) => a >= b,
};

// Functions of all the nodes of their last argument, if it is one, and how many stand before it.
const TAKES_NODES = { sum: 0, min: 0, max: 0, concat: 0, join: 1, checklist: 2 };

function namesNodes(expression) {
  if (!Array.isArray(expression)) return false;
  if (expression[0] === "current") return namesNodes(expression[1]);
  return ["ref", "union", "choices", "self"].includes(expression[0]);
}

export class Compiler {
  constructor(schema) {
    this.schema = schema;
    this.one = (expression) => this.scalar(expression);
  }

  // (env, row) -> one value.
  scalar(expression) {
    if (!Array.isArray(expression)) return () => expression;
    const [name, ...given] = expression;
    if (name in NUMBER_OPERATORS) return this.numeric(name, given);
    if (SPECIAL_FORMS[name]) return SPECIAL_FORMS[name](this, given, expression);
    const plain = PLAIN_FUNCTIONS[name];
    if (!plain) throw new Error(`this reader does not know ${name}()`);
    const parts = given.map(this.one);
    const last = given.length - 1;
    if (TAKES_NODES[name] === last && namesNodes(given[last])) parts[last] = this.nodes(given[last]);
    if (parts.length === 1) return (env, row) => plain(parts[0](env, row));
    if (parts.length === 2) return (env, row) => plain(parts[0](env, row), parts[1](env, row));
    return (env, row) => plain(...parts.map((part) => part(env, row)));
  }

  numeric(name, given) {
    const work = NUMBER_OPERATORS[name];
    const [left, right] = given.map(this.one);
    return (env, row) => work(toNumber(left(env, row)), toNumber(right(env, row)));
  }

  // (env, row) -> the values of the relevant nodes that are named; groups and repeats have "".
  nodes(expression) {
    const name = namesNodes(expression) ? expression[0] : "";
    if (name === "ref") return nodesNamed(expression, this.schema, this.one);
    if (name === "choices") return matchingItems(this, expression.slice(1));
    if (name === "current") {
      const inner = this.nodes(expression[1]);
      return (env) => inner(env, env.origin);
    }
    if (name === "union") {
      const [left, right] = expression.slice(1).map((each) => this.nodes(each));
      return (env, row) => left(env, row).concat(right(env, row));
    }
    if (name === "self") {
      const relevant = (env) => env.state.isRelevant(env.origin, env.node);
      return (env) => (relevant(env) ? [env.state.valueAt(env.origin, env.node)] : []);
    }
    const value = this.scalar(expression);
    return (env, row) => [value(env, row)];
  }
}

function both(compiler, [first, second]) {
  const [left, right] = [compiler.scalar(first), compiler.scalar(second)];
  return (env, row) => toTruth(left(env, row)) && toTruth(right(env, row));
}

function either(compiler, [first, second]) {
  const [left, right] = [compiler.scalar(first), compiler.scalar(second)];
  return (env, row) => toTruth(left(env, row)) || toTruth(right(env, row));
}

function equality(compiler, [first, second], wanted) {
  const [left, right] = [compiler.scalar(first), compiler.scalar(second)];
  return (env, row) => sameValues(left(env, row), right(env, row)) === wanted;
}

function condition(compiler, [test, first, second]) {
  const [holds, then, otherwise] = [test, first, second].map(compiler.one);
  return (env, row) => (toTruth(holds(env, row)) ? then(env, row) : otherwise(env, row));
}

function reference(compiler, [path, bound], expression) {
  const node = compiler.schema.node(path);
  if (expression.length === 3 && node.kind !== "repeat" && node.repeats.length === bound) {
    return (env, row) => env.state.valueAt(rowAtDepth(row, bound), node);
  }
  return firstOf(compiler, [], expression);
}

function firstOf(compiler, given, expression) {
  const values = compiler.nodes(expression);
  return (env, row) => scalarOf(values(env, row));
}

// (env, row) -> the column's texts for the items of a list that pass the test.
function matchingItems(compiler, [list, test, column]) {
  const holds = compiler.scalar(test);
  return (env, row) => {
    const inner = Object.assign({}, env);
    const items = env.state.itemsOf(list).filter((item) => {
      inner.item = item;
      return toTruth(holds(inner, row));
    });
    return items.map((item) => (column === "label" ? plainLabel(item) : columnOf(item, column)));
  };
}

// A choice's label without the answers it may show.
function plainLabel({ label }) {
  const parts = Array.isArray(label) ? label : [label];
  return parts.filter((part) => typeof part === "string").join("");
}

function columnOf(item, column) {
  return column === "name" ? item.value : (item.columns && item.columns[column]) || "";
}

function countOf(compiler, [given]) {
  const values = compiler.nodes(given);
  return (env, row) => values(env, row).length;
}

function countNonEmpty(compiler, [given]) {
  const values = compiler.nodes(given);
  return (env, row) => values(env, row).filter((value) => value !== "").length;
}

function rowsTold(compiler, given, expression) {
  return valueInRows(expression, compiler.schema, compiler.one);
}

function once(compiler, [inner]) {
  const value = compiler.scalar(inner);
  return (env, row) => {
    const kept = env.state.keptValue(env.origin, env.node);
    return isNothing(kept) ? value(env, row) : kept;
  };
}

function negative(compiler, [operand]) {
  const value = compiler.scalar(operand);
  return (env, row) => -toNumber(value(env, row));
}

function fromOrigin(compiler, [inner]) {
  const value = compiler.scalar(inner);
  return (env) => value(env, env.origin);
}

const SPECIAL_FORMS = {
  and: both,
  or: either,
  "=": (compiler, given) => equality(compiler, given, true),
  "!=": (compiler, given) => equality(compiler, given, false),
  neg: negative,
  if: condition,
  ref: reference,
  self: () => (env) => env.state.valueAt(env.origin, env.node),
  current: fromOrigin,
  union: firstOf,
  "indexed-repeat": rowsTold,
  col: (compiler, [column]) => (env) => columnOf(env.item, column),
  choices: firstOf,
  position: (compiler, [k]) => (env, row) => env.state.numberOfRow(rowAtDepth(row, k + 1)),
  count: countOf,
  "count-non-empty": countNonEmpty,
  once,
  today: () => (env) => env.state.today,
  now: () => (env) => env.state.today,
};
