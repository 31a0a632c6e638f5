// One question from the family card, so that only the family sees what the register holds.

import { button, el, idOf, refill } from "./dom.js";
import { dayFields } from "./dates.js";
import { ask } from "./door.js";
import { problemWords, showErrors } from "./errors.js";
import { say } from "./texts.js";

function placeField(describe) {
  const id = idOf("card");
  const input = el("input", { id, type: "text", autocomplete: "off", ...describe });
  return { body: input, inputs: [input], read: () => input.value.trim() };
}

class Card {
  constructor(app) {
    this.app = app;
    const { question, names } = app.visit.draft;
    this.kind = question.kind;
    this.name = names[question.person - 1] || "";
    const id = idOf("card");
    const describe = { "aria-describedby": id + "-hint" };
    this.field = this.kind === "birth_date" ? dayFields(id, describe, () => {}) : placeField(describe);
    this.errors = el("div");
    this.status = el("p", { role: "status", class: "progress" });
  }

  refuse(message, left) {
    const go = () => this.field.inputs[0].focus();
    const advice = left === 0 ? "card.over" : "card.retry";
    showErrors(this.errors, message, [{ message: say(advice), go }]);
    if (left) this.errors.firstChild.append(el("p", null, say("card.left", { n: left })));
  }

  async go() {
    const answer = this.field.read();
    if (!answer) return this.refuse(say("card.empty"));
    this.status.textContent = say("identify.working");
    const { language, visit } = this.app;
    const result = await ask("/api/card", { session: visit.draft.session, answer, language });
    this.status.textContent = "";
    if (result.status !== 200) {
      if (result.code === "session-expired" || result.code === "session-invalid") {
        return this.app.renew();
      }
      const words = problemWords(result, { n: Math.ceil(result.wait / 60) || 1 });
      return this.refuse(words, result.data.tries_left);
    }
    const { session, prefill } = result.data;
    if (session) this.app.visit.draft.session = session;
    this.app.visit.prefill(prefill);
    return this.app.go("tasks", { replace: true });
  }

  skip() {
    this.app.visit.fillOwnNik();
    this.app.go("tasks", { replace: true });
  }
}

function question(card) {
  const title = say("card." + card.kind, { name: card.name });
  const heading = el("h1", { tabindex: "-1" }, title);
  const hint = el("p", { class: "hint", id: idOf("card") + "-hint" }, say("card.hint"));
  if (card.kind === "birth_date") {
    return el("fieldset", { class: "field" }, el("legend", null, heading), hint, card.field.body);
  }
  refill(heading, el("label", { for: idOf("card") }, title));
  return el("div", { class: "field" }, heading, hint, card.field.body);
}

export function cardView(app) {
  if (app.visit.draft.carded || !app.visit.draft.question) return null;
  const card = new Card(app);
  const onSubmit = (event) => {
    event.preventDefault();
    card.go();
  };
  return {
    title: say("card." + card.kind, { name: card.name }),
    content: [
      el(
        "form",
        { novalidate: true, on: { submit: onSubmit } },
        card.errors,
        question(card),
        card.status,
        el(
          "div",
          { class: "actions" },
          el("button", { class: "main" }, say("card.go")),
          button(say("card.skip"), () => card.skip(), "second"),
        ),
        el("p", { class: "quiet" }, say("card.why")),
      ),
    ],
  };
}
