// A family that the register does not have leaves word: who, where, how many.

import { button, el } from "../dom.js";
import { submissionKey } from "../door.js";
import { enter, labelled } from "../identify.js";
import { Insisting } from "../insisting.js";
import { findDraft, forgetDraft, keepDraft } from "../store.js";
import { onlyDigits, say, sayMoment } from "../texts.js";
import { areaControl } from "./areas.js";
import { Sheet, textEntry } from "./sheet.js";

// Under what this device keeps it until the door has it, and the answers that may follow.
export const UNLISTED = "unlisted";

const MOST_PERSONS = 60;
const KEEP_AFTER = 400;

function countProblem(text) {
  const count = /^\d+$/.test(text) ? Number(text) : 0;
  return count >= 1 && count <= MOST_PERSONS ? "" : say("count.wrong");
}

function empty(key) {
  return (text) => (text ? "" : say(key));
}

function villageEntry(app, details, onChange) {
  const choose = (area) => {
    details.village = area;
    onChange();
  };
  const { input, body } = areaControl(details.village, app.language, choose);
  const problem = () => (details.village ? "" : say("village.empty"));
  return { ...labelled("village", input, false, body), problem };
}

function entriesFor(app, details, onChange) {
  const plain = (name, kind, problem, optional) => {
    const made = textEntry(name, details[name], kind, problem, optional);
    made.input.addEventListener("input", () => {
      details[name] = made.input.value;
      onChange();
    });
    return made;
  };
  return [
    plain("who", { most: 100, autocomplete: "name" }, empty("who.empty")),
    plain("count", { class: "short", inputmode: "numeric", most: 2 }, countProblem),
    villageEntry(app, details, onChange),
    plain("where", { lines: 3, most: 300 }, empty("where.empty")),
    plain("contact", { most: 100, inputmode: "tel", autocomplete: "tel" }, () => "", true),
  ];
}

// The two numbers, if they were typed: an officer, and the door, find the family sooner by them.
function numbersTyped(app) {
  const found = {};
  for (const name of ["nik", "kk"]) {
    const digits = onlyDigits(app.typed[name] || "");
    if (/^\d{16}$/.test(digits)) found[name] = digits;
  }
  return found;
}

// Gives whether this tab goes on: where another one was faster, what it has stored holds.
async function keep(app, record) {
  const mine = (await keepDraft(record)) !== null;
  if (!mine) app.reload();
  return mine;
}

async function toRecord(app, record) {
  app.unlisted = record;
  if (await keep(app, record)) app.go("unlisted", { replace: true });
}

function detailsPage(app, record, wantsVisit) {
  const { details } = record;
  let timer = 0;
  const keepNow = () => {
    clearTimeout(timer);
    if (timer) keep(app, record);
    timer = 0;
  };
  const keepSoon = () => {
    clearTimeout(timer);
    timer = setTimeout(keepNow, KEEP_AFTER);
    sheet.recheck();
  };
  const onReady = () => {
    clearTimeout(timer);
    timer = 0;
    const numbers = numbersTyped(app);
    return toRecord(app, { ...record, key: submissionKey(), numbers, visit: wantsVisit, refused: null });
  };
  const sheet = new Sheet(entriesFor(app, details, keepSoon), say("unlisted.go"), onReady);
  const title = say(wantsVisit ? "unlisted.visit" : "unlisted.title");
  const { nik, kk } = numbersTyped(app);
  return {
    title,
    content: [
      el("h1", { tabindex: "-1" }, title),
      el("p", null, say(wantsVisit ? "unlisted.visit.why" : "unlisted.why")),
      nik || kk ? el("p", { class: "quiet" }, say("unlisted.numbers")) : null,
      sheet.root,
      el("p", null, button(say("unlisted.returning"), () => app.go("returning"), "link")),
    ],
    back: "identify",
    after() {
      addEventListener("pagehide", keepNow);
      if (!record.refused) return false;
      sheet.refuse(app, record.refused);
      return true;
    },
    leave() {
      removeEventListener("pagehide", keepNow);
      keepNow();
    },
  };
}

function bodyOf(app, { key, details, numbers, visit }) {
  const contact = (details.contact || "").trim();
  return {
    key,
    language: app.language,
    name: details.who.trim(),
    village: details.village.code,
    address: details.where.trim(),
    persons: Number(details.count),
    visit: Boolean(visit),
    ...numbers,
    ...(contact ? { contact } : {}),
  };
}

// What the family left is no longer needed here once the door has it.
async function heard(app, record, { status, code, data, wait }) {
  if (status < 300) {
    await toRecord(app, { ...data, id: UNLISTED, visit: record.visit });
    return;
  }
  const refused = { status, code, data, wait };
  const kept = { id: UNLISTED, details: record.details, visit: record.visit };
  if (code === "already-submitted") {
    await forgetDraft(UNLISTED);
    app.unlisted = null;
    app.show("already", data);
  } else if (code === "closed" || code === "not-open") {
    app.unlisted = kept;
    await keepDraft(kept);
    app.show("closed", { code, ...data });
  } else await toRecord(app, { ...kept, refused });
}

function sendingPage(app, record) {
  const settle = (result) => heard(app, record, result);
  const insisting = new Insisting("/api/unlisted", () => bodyOf(app, record), settle);
  return {
    title: say("sending.title"),
    content: [el("h1", { tabindex: "-1" }, say("sending.title")), insisting.root],
    after: () => insisting.start(),
    leave: () => insisting.stop(),
  };
}

async function answerNow(app, record) {
  const kept = await findDraft(UNLISTED);
  if (kept && kept.answers) app.open(kept, true);
  else await enter(app, record, UNLISTED);
}

async function startAfresh(app, then) {
  await forgetDraft(UNLISTED);
  app.unlisted = null;
  app.typed = {};
  then();
}

function unlistedSteps(app) {
  const { closes, zone } = app.facts;
  const officer = closes
    ? say("left.officer", { moment: sayMoment(closes, zone) })
    : say("left.officer.later");
  const steps = [say("left.keep"), officer, say("left.show")];
  return el("ul", null, steps.map((step) => el("li", null, step)));
}

function referencePage(app, record) {
  const answer = button(say(record.answers ? "left.on" : "left.answer"), () => answerNow(app, record));
  const done = () => startAfresh(app, () => location.assign(app.facts.home));
  const another = () => startAfresh(app, () => app.go("unlisted", { replace: true }));
  return {
    title: say("left.title"),
    content: [
      el(
        "div",
        { class: "panel" },
        el("h1", { tabindex: "-1" }, say("left.title")),
        el("p", null, say("left.number")),
        el("p", { class: "number" }, record.reference),
      ),
      el("h2", null, say("receipt.next")),
      unlistedSteps(app),
      el("h2", null, say("left.now")),
      el("p", null, say("left.now.why")),
      el("div", { class: "actions" }, answer, button(say("left.done"), done, "second")),
      el("p", null, button(say("left.another"), another, "link")),
    ],
  };
}

export function unlistedView(app, data, place) {
  const record = app.unlisted || (app.unlisted = { id: UNLISTED, details: {} });
  if (record.reference) return referencePage(app, record);
  if (record.key) return sendingPage(app, record);
  return detailsPage(app, record, place ? place === "visit" : Boolean(record.visit));
}
