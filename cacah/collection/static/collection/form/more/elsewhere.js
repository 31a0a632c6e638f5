// Keeps the draft on the door's side too, under a code: a new version at each page, never over one
// that this device does not know.
//
// `draft.elsewhere` is {code, version, known, marks, savedAt, newer}: the last version that this
// device knows and its content, what it has sent without hearing of it, and another device's newer
// version, which waits for the family to compare.

import { el } from "../dom.js";
import { ask } from "../door.js";
import { problemWords } from "../errors.js";
import { prune } from "../prefill.js";
import { say } from "../texts.js";
import { keysOf, markOf, openSealed, sealDraft } from "./sealing.js";

const FORMAT = 1;
const HOLD = 5000;
// After these there is nothing under the code that could be gone on with.
const FINAL = ["draft-not-found", "already-submitted", "drafts-full"];

// What is kept: all that another device needs to go on as this one would.
function carriedOf(visit) {
  const { carded, names, place, remarks, seen } = visit.draft;
  return { format: FORMAT, answers: visit.typed(), remarks, seen, carded, names, place };
}

function sorted(_, value) {
  if (!value || typeof value !== "object" || Array.isArray(value)) return value;
  const names = Object.keys(value).filter((name) => value[name] !== "");
  return names.sort().reduce((found, name) => ({ ...found, [name]: value[name] }), {});
}

// Two contents are the same where these texts are: answers and remarks count, not pages looked at.
export function contentOf({ answers, remarks }) {
  return JSON.stringify({ answers, remarks }, sorted);
}

export function familyOf(draft) {
  return draft.reference || draft.kk;
}

async function keysUnder(draft) {
  return keysOf(draft.elsewhere.code, familyOf(draft));
}

function request(app, locator, more) {
  return { session: app.visit.draft.session, locator, language: app.language, ...more };
}

// {status, code, data, wait} of the door; on success `draft.elsewhere` knows the new version.
async function saveNext(app) {
  const { draft } = app.visit;
  const { elsewhere } = draft;
  const carried = carriedOf(app.visit);
  const content = contentOf(carried);
  const { key, locator } = await keysUnder(draft);
  const sealed = await sealDraft(key, elsewhere.version + 1, carried);
  if (!sealed) return { status: 413, code: "too-large", data: {}, wait: 0 };
  elsewhere.marks.push(markOf(sealed));
  await app.visit.save();
  const result = await ask("/api/draft", request(app, locator, { base: elsewhere.version, sealed }));
  if (result.status === 201) {
    const { version } = result.data;
    Object.assign(elsewhere, { version, known: content, marks: [], savedAt: Date.now(), newer: null });
  }
  return result;
}

// What this device sent itself before a connection broke is nobody else's.
function isOwn(elsewhere, { version, sealed }) {
  return version === elsewhere.version + 1 && elsewhere.marks.includes(markOf(sealed));
}

async function openNewer(draft, data) {
  const { key } = await keysUnder(draft);
  return { ...(await openSealed(key, data.version, data.sealed)), at: data.saved_at };
}

function adopt(elsewhere, data, content) {
  const { version } = data;
  Object.assign(elsewhere, { version, known: content, marks: [], newer: null });
}

// Another device was faster. Without answers of its own this one follows it; else the family
// compares. Resolves to "same", "followed" or "newer".
async function meet(app, data) {
  const { draft } = app.visit;
  const { elsewhere } = draft;
  const theirs = await openNewer(draft, data);
  const [mine, other] = [contentOf(carriedOf(app.visit)), contentOf(theirs)];
  if (mine === other || isOwn(elsewhere, data)) {
    adopt(elsewhere, data, other);
    return "same";
  }
  if (mine !== elsewhere.known) {
    elsewhere.newer = { version: data.version, ...theirs };
    return "newer";
  }
  takeOver(app, theirs);
  adopt(elsewhere, data, other);
  return "followed";
}

// Puts what came from another device in the place of what is here.
export function takeOver(app, { answers, remarks, seen, carded, names }) {
  const { draft } = app.visit;
  Object.assign(draft, { carded: carded || draft.carded, names: names || draft.names });
  const kept = prune(app.instrument.children, answers);
  app.visit.restore({ answers: kept, remarks: remarks || {}, seen: seen || {} });
}

async function onward(app) {
  const { elsewhere } = app.visit.draft;
  if (elsewhere.newer) return "newer";
  if (contentOf(carriedOf(app.visit)) !== elsewhere.known) {
    const result = await saveNext(app);
    if (result.status === 201) return "saved";
    if (result.code !== "draft-newer") return result;
    const met = await meet(app, result.data);
    return met === "same" ? onward(app) : met;
  }
  const { locator } = await keysUnder(app.visit.draft);
  const result = await ask("/api/draft/open", request(app, locator, {}));
  if (result.status !== 200) return result;
  return result.data.version === elsewhere.version ? "saved" : meet(app, result.data);
}

// Keeps the next version, if there is one; resolves to "saved", "followed", "newer" or the door's
// refusal. A code that leads nowhere any more is dropped.
export async function keepElsewhere(app) {
  const { draft } = app.visit;
  const outcome = await onward(app);
  if (FINAL.includes(outcome.code)) draft.elsewhere = null;
  await app.visit.save();
  return outcome;
}

export function beginElsewhere(app, code) {
  const { draft } = app.visit;
  draft.elsewhere = { code, version: 0, known: "", marks: [], savedAt: 0, newer: null };
  return keepElsewhere(app);
}

// Goes on under a code with what is found there; gives what the door answered, and rejects where
// it is not to be read. Answers of this device's own are left for the family to compare.
export async function findElsewhere(app, code) {
  const { draft } = app.visit;
  const { key, locator } = await keysOf(code, familyOf(draft));
  const result = await ask("/api/draft/open", request(app, locator, {}));
  if (result.status !== 200) return result;
  const { version, sealed, saved_at } = result.data;
  const theirs = { ...(await openSealed(key, version, sealed)), at: saved_at };
  const untouched = !draft.touched && !Object.keys(draft.seen).length;
  const [mine, other] = [contentOf(carriedOf(app.visit)), contentOf(theirs)];
  const savedAt = Date.parse(saved_at);
  draft.elsewhere = { code, version, known: other, marks: [], savedAt, newer: null };
  if (untouched) takeOver(app, theirs);
  else if (mine !== other) Object.assign(draft.elsewhere, { known: "", newer: { version, ...theirs } });
  await app.visit.save();
  return result;
}

// Forgets the draft at the door, and keeps it on this device only.
export async function keepHereOnly(app) {
  const { draft } = app.visit;
  const { locator } = await keysUnder(draft);
  const { version: base } = draft.elsewhere;
  const result = await ask("/api/draft", request(app, locator, { base, remove: true }));
  const gone = result.status === 200 || result.code === "draft-not-found";
  if (gone) draft.elsewhere = null;
  await app.visit.save();
  return result;
}

// After a merge: what the other device has is known now, and this device's answers come next.
export function settleNewer(app) {
  const { elsewhere } = app.visit.draft;
  const { version } = elsewhere.newer;
  adopt(elsewhere, { version }, contentOf(elsewhere.newer));
}

export function wordsOf(outcome) {
  if (typeof outcome === "string") return say("elsewhere." + outcome);
  const key = "elsewhere." + outcome.code;
  const own = say(key);
  return own === key ? problemWords(outcome, { n: Math.ceil(outcome.wait / 60) || 1 }) : own;
}

let current = null;
let stateLine = null;

function showNote(kind, role, ...content) {
  for (const old of document.querySelectorAll("main .note.from-elsewhere")) old.remove();
  const note = el("div", { class: `note ${kind} from-elsewhere`, role }, content);
  const strip = document.querySelector("main .strip");
  if (strip) strip.after(note);
}

function showNewer(app) {
  const link = el("a", { href: "#merge" }, say("newer.compare"));
  link.addEventListener("click", (event) => {
    event.preventDefault();
    app.go("merge");
  });
  const title = el("h2", null, say("newer.title"));
  showNote("warning", "alert", title, el("p", null, say("newer.words")), el("p", null, link));
}

function tellOutcome(app, outcome) {
  const { route } = app;
  if (outcome === "newer" && route === "confirm") {
    app.go("merge", { replace: true });
  } else if (outcome === "followed") {
    const { id } = document.activeElement;
    app.render(route, true);
    const same = id && document.getElementById(id);
    if (same) same.focus();
    showNote("plain", "status", el("p", null, say("elsewhere.followed")));
  } else {
    stateLine.textContent = wordsOf(outcome);
    if (outcome === "newer") showNewer(app);
    if (FINAL.includes(outcome.code)) showNote("plain", "alert", el("p", null, wordsOf(outcome)));
  }
}

// Nobody sends what another device has meanwhile corrected without having been told.
function holdBack(checking) {
  const send = document.querySelector("main .actions .main");
  if (!send) return;
  send.disabled = true;
  const free = () => (send.disabled = false);
  checking.then(free, free);
  setTimeout(free, HOLD);
}

let running = Promise.resolve();

// Told of every page: keeps the next version, and says how it stands.
export function follow(app) {
  const { route, visit } = app;
  const strip = document.querySelector("main .strip");
  if (!strip || !visit || !visit.draft.elsewhere || visit.draft.sending || route === "merge") return;
  current = app;
  if (stateLine) stateLine.remove();
  const own = el("p", { class: "saved elsewhere", role: "status" });
  stateLine = own;
  strip.append(own);
  const checking = running.then(() =>
    visit === app.visit && visit.draft.elsewhere ? keepElsewhere(app) : null,
  );
  running = checking.catch(() => null);
  if (route === "confirm") holdBack(checking);
  checking.then(
    (outcome) => outcome && app.visit === visit && tellOutcome(app, outcome),
    () => (own.textContent = say("elsewhere.unreadable")),
  );
}

addEventListener("online", () => stateLine && stateLine.isConnected && follow(current));
