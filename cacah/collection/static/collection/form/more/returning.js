// Somebody who left word comes back with the reference number, to answer or to correct.

import { el } from "../dom.js";
import { enter, entry } from "../identify.js";
import { askProven } from "../more.js";
import { recall } from "../store.js";
import { say } from "../texts.js";
import { Sheet } from "./sheet.js";
import { UNLISTED } from "./unlisted.js";

const PATH = "/api/unlisted/open";

async function openAgain(app, sheet) {
  const { typed } = app;
  const body = { reference: typed.reference.trim(), language: app.language };
  if (app.reopen) body.receipt = typed.receipt.trim();
  body.place = recall("place");
  sheet.work(say("identify.working"));
  const result = await askProven(PATH, body, () => sheet.work(say("identify.proving")));
  sheet.work("");
  return answer(app, result, body);
}

// `app.view` is the page of the number whenever an answer comes, also after waiting in line.
function answer(app, result, body) {
  if (result.status === 200) return enter(app, result.data, UNLISTED);
  if (result.code === "already-submitted") return app.show("already", { ...result.data, unlisted: true });
  if (result.code === "closed" || result.code === "not-open") {
    return app.show("closed", { code: result.code, ...result.data });
  }
  if (result.code === "full-house") {
    const settle = (then) => {
      app.go("returning", { replace: true });
      answer(app, then, body);
    };
    return app.show("waiting", { path: PATH, result, body, settle });
  }
  return app.view.refuse && app.view.refuse(result);
}

export function returningView(app) {
  const { typed, visit } = app;
  if (!typed.reference) typed.reference = (visit && visit.draft.reference) || "";
  const entries = [entry("reference", typed.reference, false)];
  if (app.reopen) entries.push(entry("receipt", typed.receipt, false));
  for (const each of entries) {
    each.input.addEventListener("input", () => (typed[each.name] = each.input.value));
    each.problem = () => (each.input.value.trim() ? "" : say(each.name + ".empty"));
  }
  const sheet = new Sheet(entries, say("identify.go"), () => openAgain(app, sheet));
  return {
    title: say("returning.title"),
    refuse: (result) => sheet.refuse(app, result),
    content: [
      el("h1", { tabindex: "-1" }, say("returning.title")),
      el("p", null, say(app.renewing ? "returning.again" : "returning.why")),
      sheet.root,
    ],
    back: app.renewing ? null : "unlisted",
  };
}
