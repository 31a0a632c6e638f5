// Another language in the middle of the form.

import { findMore, textsAt } from "../more.js";

// Brings the page of another language in, and keeps every answer where it is; rejects where the
// page or the words cannot be had, and has then changed nothing.
export async function switchLanguage(app, address) {
  const response = await fetch(address);
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const { more } = JSON.parse(page.getElementById("facts").textContent);
  const words = await textsAt(more.texts);
  app.learn(page, words);
  findMore(more);
  document.documentElement.lang = app.language;
  document.documentElement.dir = page.documentElement.dir;
  for (const part of ["header", "footer"]) {
    document.querySelector(part).replaceWith(page.querySelector(part));
  }
  document.querySelector(".skip").textContent = page.querySelector(".skip").textContent;
  app.bindLanguage();
  if (app.visit) app.visit.use(app.instrument);
  history.replaceState(null, "", app.here + location.hash);
  app.render(app.route, true);
  document.querySelector("summary").focus();
}
