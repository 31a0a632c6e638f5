// Somebody who left word comes back with the reference number, to answer or to correct.

import { el } from "../dom.js";
import { ask } from "../door.js";
import { enter, entry } from "../identify.js";
import { say } from "../texts.js";
import { solveChallenge } from "./proof.js";
import { Sheet } from "./sheet.js";
import { UNLISTED } from "./unlisted.js";

async function openAgain(app, sheet) {
  const { typed } = app;
  const body = { reference: typed.reference.trim(), language: app.language };
  if (app.reopen) body.receipt = typed.receipt.trim();
  sheet.work(say("identify.working"));
  let result = await ask("/api/unlisted/open", body);
  if (result.data.challenge) {
    sheet.work(say("identify.proving"));
    const proof = await solveChallenge(result.data.challenge);
    result = await ask("/api/unlisted/open", { ...body, proof });
  }
  sheet.work("");
  if (result.status === 200) return enter(app, result.data, UNLISTED);
  if (result.code === "already-submitted") return app.show("already", { ...result.data, unlisted: true });
  if (result.code === "closed" || result.code === "not-open") {
    return app.show("closed", { code: result.code, ...result.data });
  }
  return sheet.refuse(app, result);
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
    content: [
      el("h1", { tabindex: "-1" }, say("returning.title")),
      el("p", null, say(app.renewing ? "returning.again" : "returning.why")),
      sheet.root,
    ],
    back: app.renewing ? null : "unlisted",
  };
}
