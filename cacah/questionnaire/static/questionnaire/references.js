// Finds the nodes that a reference names: rows that are fixed, all rows, or those a predicate picks.

import { toNumber, toTruth } from "./values.js";

export function rowAtDepth(row, depth) {
  let found = row;
  while (found.depth > depth) found = found.parent;
  return found;
}

// A predicate that gives a number picks the row at that position.
function rowsThatPass(env, rows, test) {
  return rows.filter((row, index) => {
    const value = test(env, row);
    return typeof value === "number" ? value === index + 1 : toTruth(value);
  });
}

function rowsBelow(env, start, repeats, from, tests) {
  let rows = [start];
  for (let k = from; k < repeats.length; k++) {
    rows = rows.reduce((all, row) => {
      let inside = env.state.rowsOfRepeat(row, repeats[k]);
      for (const test of tests[k] || []) inside = rowsThatPass(env, inside, test);
      return all.concat(inside);
    }, []);
  }
  return rows;
}

// Gives (env, row) -> the values of the relevant nodes that `["ref", …]` names.
export function nodesNamed(ref, schema, compile) {
  const [, path, bound, filters = []] = ref;
  const node = schema.node(path);
  const tests = [];
  for (const [k, test] of filters) (tests[k] = tests[k] || []).push(compile(test));
  const repeats = node.kind === "repeat" ? node.repeats.concat([node]) : node.repeats;
  return (env, row) => {
    return rowsBelow(env, rowAtDepth(row, bound), repeats, bound, tests)
      .filter((found) => env.state.isRelevant(found, node))
      .map((found) => env.state.valueAt(found, node));
  };
}

// Gives (env, row) -> a node's value in the row whose number is told, repeat by repeat; below 1
// and where no number is told, that is the first row.
export function valueInRows(expression, schema, compile) {
  const [, [, path, bound], ...pairs] = expression;
  const node = schema.node(path);
  const numbers = [];
  for (let at = 0; at < pairs.length; at += 2) {
    numbers[schema.node(pairs[at][1]).repeats.length] = compile(pairs[at + 1]);
  }
  return (env, row) => {
    let found = rowAtDepth(row, 0);
    for (let k = 0; k < node.repeats.length && found; k++) {
      const told = numbers[k] ? Math.trunc(toNumber(numbers[k](env, row))) : 1;
      if (!numbers[k] && k < bound) found = rowAtDepth(row, k + 1);
      else found = env.state.rowsOfRepeat(found, node.repeats[k])[Math.max(1, told || 1) - 1];
    }
    return found ? env.state.valueAt(found, node) : "";
  };
}
