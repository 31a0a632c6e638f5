// Dates as three small fields: day, month by name, year.

import { el, idOf } from "./dom.js";
import { isDateParts } from "./plan.js";
import { selectControl } from "./choices.js";
import { monthNames, say } from "./texts.js";

function part(id, label, input) {
  return el("div", { class: "part" }, el("label", { for: id }, label), input);
}

function numberInput(id, size, describe) {
  return el("input", {
    id,
    class: size,
    type: "text",
    inputmode: "numeric",
    autocomplete: "off",
    ...describe,
  });
}

// A list of names for 1, 2, 3 and so on.
function countedInput(id, describe, names) {
  const options = names.map((name, index) => el("option", { value: index + 1 }, name));
  return el("select", { id, ...describe }, el("option", { value: "" }, say("select.empty")), options);
}

// Three fields for one day; `read` gives "YYYY-MM-DD", "" while all are empty, or the
// unfinished text, which no reader takes for a date.
export function dayFields(id, describe, listener) {
  const days = [...Array(31).keys()].map((index) => String(index + 1));
  const day = countedInput(id, describe, days);
  const month = countedInput(id + "-month", describe, monthNames());
  const year = numberInput(id + "-year", "year", describe);
  const inputs = [day, month, year];
  const read = () => {
    const [d, m, y] = inputs.map((input) => input.value.trim());
    return d || m || y ? [y.padStart(4, "0"), m.padStart(2, "0"), d.padStart(2, "0")].join("-") : "";
  };
  for (const input of inputs) input.addEventListener("input", () => listener(read()));
  const body = el(
    "div",
    { class: "parts" },
    part(id, say("date.day"), day),
    part(id + "-month", say("date.month"), month),
    part(id + "-year", say("date.year"), year),
  );
  const write = (text) => {
    const [y, m, d] = String(text || "").split("-").map((each) => each.replace(/^0+/, ""));
    [day.value, month.value, year.value] = [d || "", m || "", y || ""];
  };
  return { body, inputs, read, write };
}

export function dateControl(form, { path }, describe) {
  const fields = dayFields(idOf(path), describe, (value) => {
    form.type(path, value || null);
  });
  fields.write(form.interview.get(path));
  return {
    body: fields.body,
    group: true,
    target: fields.inputs[0],
    inputs: () => fields.inputs,
  };
}

function partControl(form, place, describe) {
  const { node, path } = place;
  if (node.type === "select_one") return selectControl(form, place, describe);
  const size = /year$/.test(node.name) ? "year" : "day";
  const input = numberInput(idOf(path), size, describe);
  const value = form.interview.get(path);
  input.value = value === null || value === undefined ? "" : String(value);
  const read = () => {
    const text = input.value.trim();
    if (text === "") return null;
    return node.type !== "text" && /^\d+$/.test(text) ? Number(text) : text;
  };
  input.addEventListener("input", () => form.type(path, read()));
  return { body: input, target: input };
}

// A group whose children are the day, the month and the year, each with its own way to say
// that it is not known.
export function datePartsControl(form, place, describe) {
  const children = place.node.children
    .filter((node) => node.kind === "question" && node.type !== "hidden")
    .map((node) => ({ node, path: place.path + "/" + node.name }));
  const drawn = children.map((child) => {
    const control = partControl(form, child, describe);
    const label = form.interview.text(child.path, "label") || "";
    const box = part(idOf(child.path), label, control.body);
    return { child, control, box };
  });
  const renew = () => {
    for (const { child, control, box } of drawn) {
      box.hidden = !form.interview.relevant(child.path);
      if (control.renew) control.renew();
    }
  };
  renew();
  const hints = drawn.map(({ child }) => form.interview.text(child.path, "hint")).filter(Boolean);
  const body = el("div", null, el("div", { class: "parts" }, drawn.map((each) => each.box)));
  if (hints.length) body.append(el("p", { class: "hint" }, hints.join(" ")));
  return {
    body,
    group: true,
    renew,
    target: drawn[0].control.target,
    inputs: () => drawn.map((each) => each.control.target),
  };
}

// The day in words; no day and no month has a number above 31, so such a one says "not known".
export function datePartsValue(interview, { node, path }, labelOf) {
  const known = [];
  const unknown = [];
  for (const child of node.children || []) {
    const inner = { node: child, path: path + "/" + child.name };
    const text = labelOf(inner);
    const open = child.type === "select_one" && interview.get(inner.path) > 31;
    if (open) unknown.push((interview.text(inner.path, "label") || "").toLowerCase());
    else if (text) known.push(text);
  }
  if (unknown.length) known.push(say("date.unknown", { parts: unknown.join(", ") }));
  return known.join(" ");
}
