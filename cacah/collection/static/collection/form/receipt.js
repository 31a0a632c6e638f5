// The proof of completion: the number large, what happens next, and how to prove it.

import { generate } from "../vendor/lean-qr-nano.js";
import { button, el } from "./dom.js";
import { say, sayMoment } from "./texts.js";

function qrCanvas(text) {
  const canvas = el("canvas", { class: "qr", role: "img", "aria-label": say("receipt.qr") });
  generate(text).toCanvas(canvas);
  return canvas;
}

function fact(term, value) {
  return el("div", { class: "answer" }, el("dt", null, term), el("dd", null, value));
}

// A family that the register does not have is called on nevertheless.
function nextSteps(unverified) {
  const visit = unverified ? "receipt.unverified" : "receipt.visit";
  const steps = ["receipt.keep", visit, "receipt.correct"];
  return el("ul", null, steps.map((step) => el("li", null, say(step))));
}

export function receiptView(app, receipt) {
  if (!receipt) return null;
  // Here, also where the code leads to another site.
  const page = new URL(receipt.verify_url, location.href).pathname;
  const moment = sayMoment(receipt.issued_at, app.facts.zone);
  return {
    title: say("receipt.title"),
    content: [
      el(
        "div",
        { class: "panel" },
        el("h1", { tabindex: "-1" }, say("receipt.title")),
        el("p", null, say("receipt.number")),
        el("p", { class: "number" }, receipt.number),
        receipt.to_be_verified ? el("p", null, say("receipt.checked")) : null,
      ),
      el(
        "dl",
        { class: "answers" },
        fact(say("receipt.when"), moment),
        fact(say("receipt.persons"), say("persons", { n: receipt.persons })),
        fact(say("receipt.census"), app.facts.census),
      ),
      el("h2", null, say("receipt.next")),
      nextSteps(receipt.to_be_verified),
      el("h2", null, say("receipt.prove")),
      el("p", null, say("receipt.scan")),
      qrCanvas(receipt.verify_url),
      el(
        "div",
        { class: "actions" },
        app.shared
          ? button(say("receipt.done"), () => app.startOver())
          : el("a", { class: "main", href: page + ".pdf", download: `${receipt.number}.pdf` }, say("receipt.pdf")),
        button(say("receipt.print"), () => print(), "second"),
      ),
      el("p", null, el("a", { class: "alone", href: page }, say("receipt.check"))),
      el("p", { class: "quiet" }, say("receipt.cleared")),
    ],
  };
}
