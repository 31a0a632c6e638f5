// Notes between the fields: plain words, a rule that blocks, a warning that may be explained.

import { el, idOf, paragraphs, refill } from "./dom.js";
import { appears } from "./plan.js";
import { addButton } from "./tasks.js";
import { say } from "./texts.js";

function remarkBox(form, path, id) {
  const box = el("textarea", { id, rows: "3", "aria-describedby": id + "-error" });
  box.value = form.remark(path);
  box.addEventListener("input", () => form.setRemark(path, box.value));
  return box;
}

function kindOf(node) {
  if (node.warning) return "warning";
  return node.required ? "rule" : "plain";
}

// Same shape as a field, so that a page and its error summary treat all alike.
export function noteField(form, { node, path }) {
  const kind = kindOf(node);
  const id = idOf(path);
  const words = el("div", { class: "words", tabindex: kind === "rule" ? "-1" : null });
  const error = el("p", { class: "error", id: id + "-error", hidden: true });
  const root = el("div", { class: "note " + kind });
  const head = kind === "plain" ? null : el("p", { class: "kind" }, say("note." + kind));
  let target = words;
  root.append(...[head, words].filter(Boolean));
  if (kind === "warning") {
    target = remarkBox(form, path, id);
    root.append(el("label", { for: id }, say("note.remark")), error, target);
  } else {
    words.id = id;
  }
  if (appears(node, "adds-member")) root.append(addButton(form.app));
  const renew = () => {
    refill(words, ...paragraphs(form.interview.text(path, "label") || ""));
  };
  renew();
  return {
    path,
    root,
    renew,
    focus() {
      target.focus();
      root.scrollIntoView({ block: "center" });
    },
    complain(problems) {
      error.textContent = problems.length && kind === "warning" ? say("note.explain") : "";
      error.hidden = !error.textContent;
      root.classList.toggle("wrong", problems.length > 0);
    },
  };
}
