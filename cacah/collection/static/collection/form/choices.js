// Choices as large rows of radios or boxes, or as the device's own list.

import { el, idOf, refill } from "./dom.js";
import { say } from "./texts.js";

function signature(choices) {
  return JSON.stringify(choices);
}

function rowOf(kind, path, choice, index, checked, onChange) {
  const id = index ? `${idOf(path)}-${index}` : idOf(path);
  const input = el("input", { type: kind, id, name: idOf(path), value: choice.value });
  input.checked = checked;
  input.addEventListener("change", () => onChange(input));
  return el("label", { class: "choice", for: id }, input, el("span", null, choice.label));
}

function rows(kind, form, { path }, chosen, onChange) {
  const body = el("div", { class: "choices" });
  let drawn = "";
  const control = {
    body,
    group: true,
    inputs: () => [...body.querySelectorAll("input")],
    renew() {
      const choices = form.interview.choices(path);
      if (signature(choices) === drawn) return;
      drawn = signature(choices);
      refill(body, ...choices.map((choice, index) =>
          rowOf(kind, path, choice, index, chosen().includes(choice.value), onChange),
        ),
      );
    },
    get target() {
      return body.querySelector("input:checked") || body.querySelector("input") || body;
    },
  };
  control.renew();
  return control;
}

export function choiceControl(form, place) {
  const chosen = () => [form.interview.get(place.path)];
  return rows("radio", form, place, chosen, (input) => form.change(place.path, input.value));
}

export function manyControl(form, place) {
  const chosen = () => String(form.interview.get(place.path) || "").split(" ");
  const control = rows("checkbox", form, place, chosen, () => {
    const values = control.inputs().filter((input) => input.checked);
    form.change(place.path, values.map((input) => input.value).join(" ") || null);
  });
  return control;
}

function options(choices, chosen) {
  const empty = el("option", { value: "" }, say("select.empty"));
  const rest = choices.map((choice) =>
    el("option", { value: choice.value, selected: choice.value === chosen }, choice.label),
  );
  return [empty, ...rest];
}

export function selectControl(form, { path }, describe) {
  const control = el("select", { id: idOf(path), ...describe });
  let drawn = "";
  const renew = () => {
    const choices = form.interview.choices(path);
    if (signature(choices) === drawn) return;
    drawn = signature(choices);
    refill(control, ...options(choices, String(form.interview.get(path) || "")));
  };
  renew();
  control.addEventListener("change", () => form.change(path, control.value || null));
  return { body: control, target: control, renew };
}
