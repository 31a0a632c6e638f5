// On another device: the page that makes and shows the code, and those where it is entered.

import { button, el, paragraphs, refill } from "../dom.js";
import { entry } from "../identify.js";
import { messageBox } from "../errors.js";
import { say, sayMoment } from "../texts.js";
import { newCode, readCode } from "./codes.js";
import { beginElsewhere, familyOf, findElsewhere, keepElsewhere, keepHereOnly, wordsOf } from "./elsewhere.js";
import { canSeal } from "./sealing.js";
import { Sheet } from "./sheet.js";

function steps(app) {
  const address = location.host + app.facts.home;
  const names = ["carry.open", "carry.choose", "carry.enter"];
  return el("ol", null, names.map((name) => el("li", null, say(name, { address }))));
}

function statusLine() {
  return el("p", { role: "status", class: "progress" });
}

// One thing at a time, with words on how it stands; `work` resolves to a message, or to "".
function worker(status, ...buttons) {
  return async (words, work) => {
    if (status.dataset.busy) return;
    status.dataset.busy = "yes";
    for (const each of buttons) each.setAttribute("aria-disabled", "true");
    status.textContent = words;
    status.textContent = await work().catch(() => say("elsewhere.unreadable"));
    delete status.dataset.busy;
    for (const each of buttons) each.removeAttribute("aria-disabled");
  };
}

function offer(app) {
  const status = statusLine();
  const { elsewhere } = app.visit.draft;
  const make = button(say(elsewhere ? "sending.retry" : "carry.make"), () =>
    run(say("carry.making"), async () => {
      const outcome = await (elsewhere ? keepElsewhere(app) : beginElsewhere(app, newCode()));
      if (outcome === "saved") app.go("elsewhere", { replace: true });
      return outcome === "saved" ? "" : wordsOf(outcome);
    }),
  );
  const run = worker(status, make);
  return [
    ...paragraphs(say("carry.why")),
    steps(app),
    el("p", null, say("carry.limits")),
    status,
    el("div", { class: "actions" }, make),
  ];
}

async function copyCode(code, panel) {
  try {
    await navigator.clipboard.writeText(code);
    return say("carry.copied");
  } catch (error) {
    getSelection().selectAllChildren(panel);
    return say("carry.selected");
  }
}

function shownCode(app) {
  const { code, savedAt } = app.visit.draft.elsewhere;
  const status = statusLine();
  const number = el("p", { class: "number" }, code);
  const copy = button(say("carry.copy"), async () => {
    status.textContent = await copyCode(code, number);
  });
  const stop = button(say("carry.stop"), () =>
    run(say("carry.stopping"), async () => {
      const result = await keepHereOnly(app);
      if (!app.visit.draft.elsewhere) app.go("elsewhere", { replace: true });
      return app.visit.draft.elsewhere ? wordsOf(result) : "";
    }), "danger");
  const run = worker(status, stop);
  const moment = savedAt ? sayMoment(savedAt, app.facts.zone) : "";
  return [
    el("div", { class: "panel" }, el("p", null, say("carry.code")), number),
    el("p", null, say("carry.keep")),
    status,
    el("div", { class: "actions" }, copy, button(say("receipt.print"), () => print(), "second")),
    el("h2", null, say("carry.how")),
    steps(app),
    el("p", null, say("carry.limits")),
    moment ? el("p", { class: "quiet" }, say("carry.last", { moment })) : null,
    el("h2", null, say("carry.end")),
    el("p", null, say("carry.ending")),
    el("div", { class: "actions" }, stop),
  ];
}

export function elsewhereView(app) {
  const { visit } = app;
  if (!visit) return null;
  let content;
  if (!canSeal()) content = paragraphs(say("carry.cannot"));
  else if (!familyOf(visit.draft)) content = [el("p", null, say("identify.again"))];
  else if (visit.draft.elsewhere && visit.draft.elsewhere.version) content = shownCode(app);
  else content = offer(app);
  return {
    title: say("carry.title"),
    content: [el("h1", { tabindex: "-1" }, say("carry.title")), ...content],
    back: "tasks",
  };
}

// First the code, then who one is: the code opens only together with the family's numbers.
export function codeView(app) {
  const field = entry("code", app.code, false);
  field.problem = () => (readCode(field.input.value) ? "" : say("code.wrong"));
  const sheet = new Sheet([field], say("identify.go"), () => {
    app.code = readCode(field.input.value);
    app.go(app.visit ? "taking" : "identify");
    if (app.visit) return;
    const heading = document.querySelector("main h1");
    heading.after(el("p", { class: "note plain" }, say("code.next")));
  });
  return {
    title: say("code.title"),
    content: [
      el("h1", { tabindex: "-1" }, say("code.title")),
      el("p", null, say("code.why")),
      canSeal() ? sheet.root : el("p", null, say("carry.cannot")),
    ],
    back: app.visit ? "tasks" : "identify",
  };
}

function onwardFrom(app) {
  const { draft } = app.visit;
  app.code = "";
  if (draft.elsewhere && draft.elsewhere.newer) return app.go("merge", { replace: true });
  return app.go(draft.carded ? "tasks" : "card", { replace: true });
}

// Fetches the answers under `app.code` as soon as the family is known.
export function takingView(app) {
  if (!app.visit || !app.code) return null;
  const box = el("div", { role: "status" }, el("p", null, say("taking.now")));
  const again = button(say("sending.retry"), () => app.go("taking", { replace: true }));
  const other = button(say("taking.other"), () => app.go("code", { replace: true }));
  const without = button(say("taking.without"), () => onwardFrom(app), "second");
  const actions = el("div", { class: "actions", hidden: true });
  const refuse = (words, first) => {
    refill(box, messageBox(say("taking.failed"), [words], "warning"));
    actions.append(first, without);
    actions.hidden = false;
    first.focus();
  };
  const fetched = (result) => {
    if (app.route !== "taking") return null;
    if (result.status === 200) return onwardFrom(app);
    return refuse(wordsOf(result), result.code === "draft-not-found" ? other : again);
  };
  return {
    title: say("taking.title"),
    content: [el("h1", { tabindex: "-1" }, say("taking.title")), box, actions],
    after() {
      const refused = () => app.route === "taking" && refuse(say("elsewhere.unreadable"), other);
      findElsewhere(app, app.code).then(fetched).catch(refused);
      return false;
    },
  };
}
