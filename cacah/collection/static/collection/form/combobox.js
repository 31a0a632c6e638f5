// A long list with type-to-search (ARIA's combobox pattern), and the same list to choose from.

import { button, el, idOf, refill } from "./dom.js";
import { selectControl } from "./choices.js";
import { say } from "./texts.js";

const SHOWN = 40;
// The choice for what a list does not have, by the names that the field gives it.
const OTHER = ["lain", "lainnya", "other"];

let pressing = false;
addEventListener("mousedown", () => (pressing = true), true);
addEventListener("mouseup", () => (pressing = false), true);

function plain(text) {
  return text.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "");
}

// Choices that have every typed word; those that begin with the text come first.
export function matching(choices, text) {
  const wanted = plain(text).split(/\s+/).filter(Boolean);
  if (!wanted.length) return choices;
  const found = choices.filter((choice) => {
    const label = plain(choice.label);
    return wanted.every((word) => label.includes(word));
  });
  const begins = (choice) => (plain(choice.label).startsWith(wanted[0]) ? 0 : 1);
  return found.sort((one, other) => begins(one) - begins(other));
}

function labelOf(choices, value) {
  const choice = choices.find((each) => each.value === String(value));
  return choice ? choice.label : "";
}

export class Combobox {
  constructor(form, path, describe) {
    Object.assign(this, { form, path, found: [], active: -1, visit: form.visit });
    const id = idOf(path);
    this.list = el("ul", { class: "options", role: "listbox", id: id + "-list", hidden: true });
    this.status = el("p", { class: "unseen", role: "status" });
    this.absent = el("div", { class: "absent", hidden: true });
    this.input = el("input", {
      id,
      type: "text",
      role: "combobox",
      autocomplete: "off",
      spellcheck: "false",
      "aria-autocomplete": "list",
      "aria-expanded": "false",
      "aria-controls": id + "-list",
      "aria-describedby": `${describe["aria-describedby"]} ${id}-how`,
    });
    this.show();
    this.listen();
  }

  // Where the form keeps it, what was typed outlasts the page, choice or not.
  keep(text) {
    if (this.visit) this.visit.keepTyped(this.path, text);
  }

  get choices() {
    return this.form.interview.choices(this.path);
  }

  show() {
    this.input.value = labelOf(this.choices, this.form.interview.get(this.path));
    if (this.input.value || !this.visit) return;
    this.input.value = this.visit.typedInto(this.path);
    if (this.input.value) this.settle();
  }

  listen() {
    const { input, list } = this;
    input.addEventListener("input", () => {
      this.absent.hidden = true;
      this.keep(input.value);
      this.open(input.value);
    });
    input.addEventListener("click", () => this.open(""));
    input.addEventListener("keydown", (event) => this.press(event));
    // Closing the list moves what is below it, so it waits until the press there has found its mark.
    input.addEventListener("blur", () => {
      if (pressing) addEventListener("mouseup", () => this.settle(), { capture: true, once: true });
      else this.settle();
    });
    // Before the blur, which would close the list under the finger.
    list.addEventListener("mousedown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.take(this.found[Number(option.dataset.index)]);
    });
  }

  open(text) {
    this.draw(matching(this.choices, text));
  }

  draw(found) {
    this.found = found.slice(0, SHOWN);
    this.active = -1;
    this.list.setAttribute("aria-label", this.form.interview.text(this.path, "label") || "");
    refill(this.list, ...this.found.map((choice, index) => this.option(choice, index)));
    const more = found.length - this.found.length;
    if (more > 0) {
      this.list.append(el("li", { class: "more", role: "presentation" }, say("list.more", { n: more })));
    }
    this.status.textContent = say("list.found", { n: found.length });
    this.expand(this.found.length > 0);
  }

  option(choice, index) {
    const properties = { role: "option", id: `${this.list.id}-${index}`, "data-index": index };
    return el("li", { ...properties, "aria-selected": "false" }, choice.label);
  }

  expand(open) {
    this.list.hidden = !open;
    this.input.setAttribute("aria-expanded", String(open));
    if (!open) this.input.removeAttribute("aria-activedescendant");
  }

  move(step) {
    if (this.list.hidden) this.open("");
    const count = this.found.length;
    if (!count) return;
    this.active = (this.active + step + count) % count;
    [...this.list.querySelectorAll("[role=option]")].forEach((option, index) => {
      option.setAttribute("aria-selected", String(index === this.active));
      if (index === this.active) option.scrollIntoView({ block: "nearest" });
    });
    this.input.setAttribute("aria-activedescendant", `${this.list.id}-${this.active}`);
  }

  press(event) {
    if (event.key === "ArrowDown") this.move(1);
    else if (event.key === "ArrowUp") this.move(this.active < 0 ? 0 : -1);
    else if (event.key === "Escape" && !this.list.hidden) this.expand(false);
    else if (event.key !== "Enter" || !this.enter()) return;
    event.preventDefault();
  }

  // Gives whether the key is used up; else it sends the page, with what this field says.
  enter() {
    const open = !this.list.hidden;
    if (open && this.active >= 0) this.take(this.found[this.active]);
    else if (open && this.found.length > 1 && !this.meant()) return true;
    else return !this.settle() || open;
    return true;
  }

  take(choice, leaving) {
    this.input.value = choice.label;
    this.keep("");
    this.absent.hidden = true;
    this.expand(false);
    if (leaving) this.form.type(this.path, choice.value);
    else this.form.change(this.path, choice.value);
  }

  // The choice that the text names, or the only one it can mean.
  meant() {
    const text = plain(this.input.value.trim());
    if (!text) return null;
    const found = matching(this.choices, text);
    const named = found.find((choice) => plain(choice.label) === text);
    return named || (found.length === 1 ? found[0] : null);
  }

  // Gives whether the text is a choice or empty; any other text stays, and is no answer.
  settle() {
    this.expand(false);
    const choice = this.meant();
    const text = this.input.value.trim();
    if (choice) this.take(choice, true);
    else this.form.type(this.path, null);
    this.absent.hidden = Boolean(choice) || !text;
    if (!this.absent.hidden && text !== this.offered) this.offer(text);
    return this.absent.hidden;
  }

  offer(text) {
    this.offered = text;
    const some = matching(this.choices, text).length;
    const other = this.choices.find((choice) => OTHER.includes(choice.value));
    const pick = () => {
      this.input.value = other.label;
      this.keep("");
      this.absent.hidden = true;
      this.form.changeToOther(this.path, other.value, text);
    };
    const words = el("p", { role: "status" }, say(some ? "list.several" : "list.absent", { text }));
    const choose = other && button(say("list.other", { label: other.label }), pick, "second");
    refill(this.absent, ...[words, choose].filter(Boolean));
  }
}

export function comboControl(form, place, describe) {
  const combobox = new Combobox(form, place.path, describe);
  const { input, list, status, absent } = combobox;
  const hint = el("p", { class: "hint", id: input.id + "-how" }, say("list.hint"));
  const body = el("div", { class: "combobox" }, hint, input, list, status, absent);
  const control = { body, target: input };
  const asList = button(say("list.plain"), () => {
    const select = selectControl(form, place, describe);
    refill(body, select.body);
    control.target = select.target;
    control.renew = select.renew;
    select.target.focus();
  }, "link");
  body.append(asList);
  return control;
}
