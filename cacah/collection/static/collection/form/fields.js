// One field of the form: its label, hint, message and control, kept in step with the answers.

import { button, el, idOf, refill, uncovered } from "./dom.js";
import { appears, isDateParts } from "./plan.js";
import { choiceControl, manyControl, selectControl } from "./choices.js";
import { comboControl } from "./combobox.js";
import { dateControl, datePartsControl } from "./dates.js";
import { noteField } from "./notes.js";
import { addButton } from "./tasks.js";
import { onlyDigits, say } from "./texts.js";

const LONG_LIST = 15;

function numberFrom(text, decimal) {
  const plain = text.replace(/\s/g, "").replace(decimal ? "," : /\.(?=\d{3}\b)/g, decimal ? "." : "");
  if (plain === "") return null;
  return /^-?\d+(\.\d+)?$/.test(plain) ? Number(plain) : text.trim();
}

function keyboardOf(node) {
  if (node.type === "integer") return "numeric";
  if (node.type === "decimal") return "decimal";
  return appears(node, "numbers") || node.register === "nik" ? "numeric" : null;
}

function valueFrom(node, text) {
  if (node.type === "integer" || node.type === "decimal") {
    return numberFrom(text, node.type === "decimal");
  }
  const plain = keyboardOf(node) ? onlyDigits(text) : text.trim();
  return plain === "" ? null : plain;
}

function textControl(form, { node, path }, describe) {
  const long = appears(node, "multiline");
  const value = form.interview.get(path);
  const digits = keyboardOf(node);
  const control = el(long ? "textarea" : "input", {
    id: idOf(path),
    class: digits ? (node.type === "integer" ? "short" : "digits") : null,
    type: long ? null : "text",
    rows: long ? "3" : null,
    inputmode: digits,
    autocomplete: "off",
    spellcheck: "false",
    readonly: form.interview.readonly && form.interview.readonly(path) ? true : null,
    ...describe,
  });
  control.value = value === null || value === undefined ? "" : String(value);
  control.addEventListener("input", () => form.type(path, valueFrom(node, control.value)));
  const own = node.register === "nik" && !value ? form.visit.unusedNik() : "";
  if (!own) return { body: control, target: control };
  const offer = button(say("nik.own", { nik: own }), () => {
    control.value = own;
    offer.hidden = true;
    form.change(path, own);
    control.focus();
  }, "link");
  return { body: el("div", null, control, offer), target: control };
}

function controlFor(form, place, describe) {
  const { node } = place;
  if (isDateParts(node)) return datePartsControl(form, place, describe);
  if (node.type === "date") return dateControl(form, place, describe);
  if (node.type === "select_multiple") return manyControl(form, place, describe);
  if (node.type !== "select_one") return textControl(form, place, describe);
  if (appears(node, "autocomplete")) return comboControl(form, place, describe);
  const many = form.interview.choices(place.path).length > LONG_LIST;
  if (many || appears(node, "minimal")) return selectControl(form, place, describe);
  return choiceControl(form, place, describe);
}

function heading(form, place, solo, target) {
  const text = el("span", null);
  const optional = el("span", { class: "optional" });
  const words = target ? el("label", { for: target.id }, text, optional) : [text, optional];
  const title = solo ? el("h1", { tabindex: "-1" }, words) : words;
  const renew = () => {
    text.textContent = form.interview.text(place.path, "label") || "";
    const free = place.node.kind === "question" && !form.interview.required(place.path);
    optional.textContent = free ? " " + say("field.optional") : "";
  };
  renew();
  return { title, renew };
}

function hintText(form, place) {
  return form.interview.text(place.path, "hint") || "";
}

function explanation(form, place) {
  const help = form.interview.text(place.path, "help");
  if (!help) return null;
  return el("details", { class: "help" }, el("summary", null, say("field.help")), el("p", null, help));
}

function assemble(form, place, solo) {
  const id = idOf(place.path);
  const hint = el("p", { class: "hint", id: id + "-hint" }, hintText(form, place));
  const error = el("p", { class: "error", id: id + "-error", hidden: true });
  hint.hidden = !hint.textContent;
  const describe = { "aria-describedby": `${id}-hint ${id}-error` };
  const control = controlFor(form, place, describe);
  // Several controls under one question need a fieldset; one control needs a label.
  const grouped = Boolean(control.group);
  const head = heading(form, place, solo, grouped ? null : control.target);
  const top = grouped ? el("legend", null, head.title) : el("div", { class: "label" }, head.title);
  const add = appears(place.node, "adds-member") ? addButton(form.app) : null;
  const offer = () => add && (add.hidden = form.interview.get(place.path) !== "1");
  offer();
  const parts = [top, hint, error, control.body, add, explanation(form, place)].filter(Boolean);
  const root = grouped
    ? el("fieldset", { class: "field", ...describe }, parts)
    : el("div", { class: "field" }, parts);
  return { root, hint, error, control, head, offer };
}

function errorLines(problems) {
  const texts = new Set(problems.map((problem) => problem.message));
  return [...texts].map((text) => el("span", { class: "line" }, uncovered(say("error.prefix") + " "), text));
}

// Gives {path, root, renew(), focus(), complain(problems)}.
export function makeField(form, place, solo) {
  if (place.node.kind === "note") return noteField(form, place);
  const { root, hint, error, control, head, offer } = assemble(form, place, solo);
  return {
    path: place.path,
    root,
    renew() {
      head.renew();
      offer();
      hint.textContent = hintText(form, place);
      hint.hidden = !hint.textContent;
      if (control.renew) control.renew();
    },
    focus(path) {
      const inner = path && path !== place.path ? document.getElementById(idOf(path)) : null;
      (inner && root.contains(inner) ? inner : control.target).focus();
      root.scrollIntoView({ block: "center" });
    },
    complain(problems) {
      refill(error, ...errorLines(problems));
      error.hidden = !problems.length;
      root.classList.toggle("wrong", problems.length > 0);
      const ids = problems.map((problem) => idOf(problem.path));
      const inputs = control.inputs ? control.inputs() : [control.target];
      const parts = isDateParts(place.node) && inputs.some((input) => ids.includes(input.id));
      for (const input of inputs) {
        if (parts ? ids.includes(input.id) : ids.length) input.setAttribute("aria-invalid", "true");
        else input.removeAttribute("aria-invalid");
      }
    },
  };
}
