// The instrument's nodes by schema path, each with its place in the tree and its compiled rules.

import { Compiler } from "./evaluate.js";

const RULE_NAMES = "relevant required readonly constraint calculate default count filter".split(" ");

// One node of the tree: `repeats` are the repeats around it, the outermost first.
export class SchemaNode {
  constructor(json, parent, id) {
    this.json = json;
    this.id = id;
    this.parent = parent;
    this.kind = json.kind;
    this.name = json.name;
    this.type = json.type || "";
    this.path = json.path;
    this.repeats = parent ? parent.repeats.concat(parent.kind === "repeat" ? [parent] : []) : [];
    this.children = null;
    this.rules = {};
  }
}

export class Schema {
  constructor(instrument) {
    this.lists = instrument.lists || {};
    this.nodes = new Map();
    this.compiler = new Compiler(this);
    this.texts = new WeakMap();
    this.children = this.read(instrument.children, null);
  }

  read(children, parent) {
    return children.map((json) => {
      const node = new SchemaNode(json, parent, this.nodes.size);
      this.nodes.set(node.path, node);
      if (json.children || json.kind === "group" || json.kind === "repeat") {
        node.children = this.read(json.children || [], node);
      }
      return node;
    });
  }

  node(path) {
    const found = this.nodes.get(path);
    if (!found) throw new Error(`the instrument has no node ${path}`);
    return found;
  }

  // A rule as a function of (env, row), null where the node has none; compiled when first asked.
  rule(node, name) {
    if (node.rules[name] === undefined) {
      const expression = RULE_NAMES.includes(name) ? node.json[name] : undefined;
      const none = expression === undefined || expression === null || expression === false;
      node.rules[name] = none ? null : this.compiler.scalar(expression);
    }
    return node.rules[name];
  }

  // The parts of a text that names answers, each a string or a function of (env, row).
  textParts(parts) {
    if (!this.texts.has(parts)) {
      const compiled = parts.map((part) => {
        return typeof part === "string" ? part : this.compiler.scalar(part.x);
      });
      this.texts.set(parts, compiled);
    }
    return this.texts.get(parts);
  }
}
