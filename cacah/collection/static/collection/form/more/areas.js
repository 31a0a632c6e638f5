// The village, searched for at the door while one types: slow links and misspellings are borne.

import { Combobox } from "../combobox.js";
import { el, idOf, refill } from "../dom.js";
import { say } from "../texts.js";

const REST_AFTER_KEY = 300;
const LEAST_LETTERS = 3;
const TRIES = 3;
const BETWEEN_TRIES = 1500;
const LONGEST_SEARCH = 20000;
const NOTHING_YET = { label: "", value: "" };

const found = new Map();

function rest(time) {
  return new Promise((resolve) => setTimeout(resolve, time));
}

async function fetchAreas(text, language) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), LONGEST_SEARCH);
  try {
    const address = `/api/areas?q=${encodeURIComponent(text)}&language=${language}`;
    const response = await fetch(address, { credentials: "omit", signal: stop.signal });
    const data = await response.json();
    if (!response.ok || !Array.isArray(data.areas)) return null;
    return data.areas.map(({ code, name, path }) => ({ value: code, label: name, path }));
  } catch (error) {
    return null;
  } finally {
    clearTimeout(timer);
  }
}

// `chosen` is {code, name, path} or null; `onChoice` is told each change of it.
class AreaBox extends Combobox {
  constructor(chosen, language, describe, onChoice) {
    const state = { chosen, onChoice };
    const interview = {
      choices: () => (state.chosen ? [{ value: state.chosen.code, label: state.chosen.name }] : []),
      get: () => (state.chosen ? state.chosen.code : null),
      text: () => say("village.label"),
    };
    const form = { interview, type: () => {}, change: () => {} };
    super(form, "village", describe);
    Object.assign(this, { state, language, asked: null, timer: 0 });
    this.status.className = "hint";
    this.where = el("p", { class: "where" });
    this.showWhere();
  }

  showWhere() {
    const { chosen } = this.state;
    this.where.textContent = chosen ? chosen.path : "";
    this.where.hidden = !chosen;
  }

  choose(area) {
    const { chosen } = this.state;
    if ((chosen && chosen.code) === (area && area.code)) return;
    this.state.chosen = area;
    this.showWhere();
    this.state.onChoice(area);
  }

  open(text) {
    const wanted = (text || this.input.value).trim().toLowerCase().replace(/\s+/g, " ");
    clearTimeout(this.timer);
    const asked = (this.asked = {});
    this.seeking = false;
    if (this.state.chosen && this.input.value.trim() === this.state.chosen.name) return;
    if (wanted.length < LEAST_LETTERS) {
      this.expand(false);
      this.status.textContent = "";
      return;
    }
    if (found.has(wanted)) this.present(found.get(wanted));
    else {
      this.seeking = true;
      this.timer = setTimeout(() => this.seek(wanted, asked), REST_AFTER_KEY);
    }
  }

  // What was asked before the last key is dropped, however late it comes.
  async seek(wanted, asked) {
    this.status.textContent = say("area.seeking");
    for (let tries = 0; tries < TRIES; tries++) {
      if (tries) await rest(BETWEEN_TRIES);
      if (asked !== this.asked) return;
      const areas = await fetchAreas(wanted, this.language);
      if (areas) found.set(wanted, areas);
      if (asked !== this.asked) return;
      if (areas) {
        this.present(areas);
        return;
      }
    }
    this.seeking = false;
    this.status.textContent = say("area.unreachable");
  }

  present(areas) {
    this.seeking = false;
    this.absent.hidden = true;
    this.draw(areas);
    if (!areas.length) this.status.textContent = say("area.none");
    else this.status.textContent = say("area.found", { n: areas.length });
    // A list that came late must not cover the field to which somebody has gone on.
    if (document.activeElement !== this.input) this.expand(false);
  }

  option(choice, index) {
    const option = super.option(choice, index);
    refill(option, el("span", null, el("strong", null, choice.label), ", " + choice.path));
    return option;
  }

  move(step) {
    if (this.list.hidden) this.open("");
    if (!this.list.hidden) super.move(step);
  }

  enter() {
    if (this.seeking) return true;
    if (this.list.hidden || this.active >= 0 || this.found.length !== 1) return super.enter();
    this.take(this.found[0]);
    return true;
  }

  take(choice, leaving) {
    super.take(choice, leaving);
    if (choice.path) this.choose({ code: choice.value, name: choice.label, path: choice.path });
    this.status.textContent = "";
  }

  // Two villages may bear one name, so that only a choice counts.
  meant() {
    const { chosen } = this.state;
    const text = this.input.value.trim();
    if (!chosen || chosen.name !== text) return null;
    return { ...NOTHING_YET, label: chosen.name, value: chosen.code };
  }

  settle() {
    const settled = super.settle();
    if (!this.meant()) this.choose(null);
    return settled;
  }

  offer(text) {
    this.offered = text;
    refill(this.absent, el("p", { role: "status" }, say("list.several", { text })));
  }
}

// Gives {input, body} for a field whose description ids are `describe`.
export function areaControl(chosen, language, onChoice) {
  const id = idOf("village");
  const describe = { "aria-describedby": `${id}-hint ${id}-error` };
  const box = new AreaBox(chosen, language, describe, onChoice);
  // The base's hint is the field's own here.
  box.input.setAttribute("aria-describedby", `${id}-hint ${id}-error ${id}-where`);
  box.where.id = id + "-where";
  const { input, list, status, absent, where } = box;
  return { input, body: el("div", { class: "combobox" }, input, where, status, list, absent) };
}
