// "Please visit me": a family that has found itself but cannot fill in.

import { choiceControl } from "../choices.js";
import { button, el, idOf } from "../dom.js";
import { Insisting } from "../insisting.js";
import { say, sayMoment } from "../texts.js";
import { Sheet, textEntry } from "./sheet.js";

const VISIT_REASONS = ["no_signal", "no_device", "cannot_read", "no_documents", "other"];

function reasonEntry(wish) {
  const form = {
    interview: {
      choices: () => VISIT_REASONS.map((value) => ({ value, label: say("reason." + value) })),
      get: () => wish.reason,
    },
    change: (path, value) => (wish.reason = value),
  };
  const control = choiceControl(form, { path: "reason" });
  const id = idOf("reason");
  const error = el("p", { class: "error", id: id + "-error", hidden: true });
  const legend = el("legend", null, say("reason.label"));
  const describe = { "aria-describedby": id + "-error" };
  const root = el("fieldset", { class: "field", ...describe }, legend, error, control.body);
  const complain = (message) => {
    error.textContent = message;
    error.hidden = !message;
    root.classList.toggle("wrong", Boolean(message));
  };
  const problem = () => (wish.reason ? "" : say("reason.empty"));
  return { name: "reason", input: control.target, root, complain, problem };
}

function wishPage(app, wish) {
  const { visit } = app;
  const plain = (name, kind) => {
    const made = textEntry(name, wish[name], kind, () => "", true);
    made.input.addEventListener("input", () => (wish[name] = made.input.value));
    return made;
  };
  const entries = [
    reasonEntry(wish),
    plain("contact", { most: 100, inputmode: "tel", autocomplete: "tel" }),
    plain("note", { lines: 3, most: 1000 }),
  ];
  const onReady = async () => {
    wish.asked = true;
    await visit.save();
    app.go("visiting", { replace: true });
  };
  const sheet = new Sheet(entries, say("visiting.go"), onReady);
  return {
    title: say("visiting.title"),
    content: [
      el("h1", { tabindex: "-1" }, say("visiting.title")),
      el("p", null, say("visiting.why")),
      sheet.root,
    ],
    back: "tasks",
    after() {
      if (!wish.refused) return false;
      sheet.refuse(app, wish.refused);
      wish.refused = null;
      return true;
    },
  };
}

async function heardWish(app, wish, result) {
  const { code, data } = result;
  if (result.status < 300) wish.at = data.requested_at;
  else {
    wish.asked = false;
    if (code === "session-expired" || code === "session-invalid") return app.renew();
    if (code === "closed") return app.show("closed", { code, ...data });
    wish.refused = result;
  }
  await app.visit.save();
  return app.go("visiting", { replace: true });
}

function askingPage(app, wish) {
  const body = { session: app.visit.draft.session, reason: wish.reason, language: app.language };
  for (const name of ["contact", "note"]) {
    if ((wish[name] || "").trim()) body[name] = wish[name].trim();
  }
  const insisting = new Insisting("/api/visit", () => body, (result) => heardWish(app, wish, result));
  return {
    title: say("sending.title"),
    content: [el("h1", { tabindex: "-1" }, say("sending.title")), insisting.root],
    back: "tasks",
    after: () => insisting.start(),
    leave: () => insisting.stop(),
  };
}

function notedPage(app, wish) {
  const { closes, zone } = app.facts;
  const moment = sayMoment(wish.at, zone);
  return {
    title: say("visited.title"),
    content: [
      el("h1", { tabindex: "-1" }, say("visited.title")),
      el("p", null, say("visited.noted", { moment })),
      el("p", null, closes ? say("left.officer", { moment: sayMoment(closes, zone) }) : say("left.officer.later")),
      el("p", null, say("visited.still")),
      el("div", { class: "actions" }, button(say("leave.stay"), () => app.go("tasks"))),
      el("p", null, button(say("tasks.leave"), () => app.go("leave"), "link")),
    ],
    back: "tasks",
  };
}

export function visitingView(app) {
  if (!app.visit) return null;
  const { draft } = app.visit;
  const wish = draft.wish || (draft.wish = {});
  if (wish.at) return notedPage(app, wish);
  return wish.asked ? askingPage(app, wish) : wishPage(app, wish);
}
