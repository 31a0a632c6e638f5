// The form as a whole: which view stands, how one moves, what language it speaks.

import { cardView } from "./card.js";
import { el, refill } from "./dom.js";
import { identifyView } from "./identify.js";
import { findMore, more } from "./more.js";
import { unpack } from "./packing.js";
import { pageView } from "./page.js";
import { receiptView } from "./receipt.js";
import { confirmView, sendingView } from "./sending.js";
import { findDraft, findWaiting, forgetDraft, keepNothing, keepsAnswers, openStore, recall, remember } from "./store.js";
import { summaryView } from "./summary.js";
import { leaveView, tasksView } from "./tasks.js";
import { say, useTexts } from "./texts.js";
import { Visit } from "./visit.js";

const OPEN_TO_ALL = {
  __proto__: null,
  identify: identifyView,
  receipt: receiptView,
};
const FOR_A_FAMILY = {
  __proto__: null,
  card: cardView,
  tasks: tasksView,
  page: pageView,
  summary: summaryView,
  confirm: confirmView,
  sending: sendingView,
  leave: leaveView,
};
const SHARED = "bersama=1";
// A place in a guided session, or the code of an invitation, as a page has put it into the address.
const CAME_BY = /(sesi|ajakan)=[\w.-]+/;
// Where somebody who comes back goes on.
const PLACES = new Set(["card", "tasks", "page", "summary", "confirm"]);
const MAY_WAIT = new Set(["sending", "identify", "already", "closed", "receipt", "returning"]);

function embedded(page, id) {
  return JSON.parse(page.getElementById(id).textContent);
}

class App {
  constructor(page) {
    this.typed = {};
    this.reopen = false;
    this.renewing = false;
    this.unproven = false;
    this.shared = this.sharedByAddress = location.search.includes(SHARED);
    [this.cameBy] = CAME_BY.exec(location.search) || [""];
    this.view = null;
    this.route = "identify";
    this.status = el("p", { class: "saved", role: "status" });
    this.learn(page);
    findMore(this.facts.more);
  }

  // `words` are those of the second script, when it changes the language.
  learn(page, words) {
    this.instrument = unpack(embedded(page, "instrument"));
    this.facts = embedded(page, "facts");
    this.language = this.facts.language;
    useTexts({ ...embedded(page, "texts"), ...words }, this.facts.locale);
  }

  get here() {
    const said = [this.shared && SHARED, this.cameBy].filter(Boolean).join("&");
    return this.facts.here + (said && "?" + said);
  }

  saved(safe) {
    // Another tab has sent these answers, removed them, or gone on with them.
    if (safe === null) return this.reload();
    const words = say(safe ? "saved.yes" : this.shared ? "saved.shared" : "saved.no");
    if (this.status.textContent !== words) this.status.textContent = words;
  }

  async start() {
    if (!this.shared) await openStore();
    const id = recall("family");
    const draft = id && (await findDraft(id));
    const receipt = recall("receipt");
    this.unlisted = await findDraft("unlisted");
    addEventListener("popstate", () => this.render(this.fromAddress(), false));
    // Also where another tab is come back to: it may find that this one was faster.
    const save = () => this.visit && this.visit.save();
    for (const moment of ["pagehide", "focus"]) addEventListener(moment, save);
    document.addEventListener("visibilitychange", save);
    this.bindLanguage();
    if (this.cameBy[0] === "s") more().then((parts) => parts.sit(this), () => null);
    history.replaceState(null, "", this.here + location.hash);
    if (draft) {
      this.visit = this.visitOf(draft);
      this.go(this.fromAddress() || draft.place, { replace: true, quiet: true });
      this.tellRenewed();
    } else if (receipt && this.fromAddress() === "receipt") this.show("receipt", receipt, true);
    else if (!(await this.sendWaiting())) this.go(this.begin(), { replace: true, quiet: true });
  }

  // What was sent without a signal goes as soon as the form is opened again; nothing of it is
  // shown before somebody has said who it is.
  async sendWaiting() {
    const draft = this.fromAddress() !== "identify" && (await findWaiting());
    if (!draft) return false;
    this.visit = this.visitOf(draft);
    this.unproven = true;
    this.go("sending", { replace: true, quiet: true });
    return true;
  }

  visitOf(draft) {
    return new Visit(this.instrument, draft, (safe) => this.saved(safe));
  }

  // Somebody who left word goes on with that; any other begins at the beginning.
  begin() {
    const place = this.fromAddress();
    if (/^(unlisted|code)/.test(place)) return place;
    const { unlisted } = this;
    return unlisted && (unlisted.key || unlisted.reference) ? "unlisted" : "identify";
  }

  fromAddress() {
    return decodeURIComponent(location.hash.slice(1));
  }

  open(draft, again) {
    this.visit = this.visitOf(draft);
    this.renewing = false;
    this.unproven = false;
    draft.cameBy = this.cameBy || draft.cameBy;
    remember("family", draft.id);
    remember("receipt", null);
    this.visit.save();
    const place = again && draft.place !== "sending" ? draft.place : draft.sending ? "sending" : "tasks";
    this.go(this.code ? "taking" : draft.carded ? place : "card", { replace: true });
    this.tellRenewed();
  }

  // The answers of an older form have been carried over as far as the new one asks for them.
  tellRenewed() {
    if (this.visit.renewed) this.tell(say("renewed.look"));
  }

  // From here on nothing of this family stays on the device, or it does again.
  async share(shared) {
    this.shared = shared;
    if (shared) keepNothing();
    else await openStore();
    this.go(this.route, { replace: true });
  }

  // Everything that this page knows goes with it.
  startOver() {
    this.putAway();
    location.replace(this.here);
  }

  // Leaves the answers on the device, and the device to somebody else.
  async pause() {
    await this.visit.save();
    this.putAway();
  }

  // The answers stay where they are kept; this page no longer knows of them.
  putAway() {
    if (this.visit) this.visit.forget();
    this.visit = null;
    this.unproven = false;
    remember("family", null);
    return true;
  }

  async close() {
    if (!this.visit) return;
    const { id } = this.visit.draft;
    this.putAway();
    await forgetDraft(id);
    this.unlisted = await findDraft("unlisted");
  }

  // The proof stands on the page before the answers go.
  finish(receipt) {
    const closing = this.close();
    remember("receipt", receipt);
    this.show("receipt", receipt, true);
    return closing;
  }

  // The session has run out; the answers wait until the family has said again who it is.
  renew(reference = this.visit && this.visit.draft.reference) {
    this.renewing = true;
    this.go(reference ? "returning" : "identify", { replace: true });
  }

  reload() {
    location.assign(this.here);
  }

  show(route, data, replace) {
    this.data = data;
    this.go(route, { replace });
  }

  go(route, { replace = false, quiet = false } = {}) {
    const address = this.here + "#" + encodeURIComponent(route);
    if (replace || route === this.route) history.replaceState(null, "", address);
    else history.pushState(null, "", address);
    this.render(route, quiet);
  }

  viewOf(route) {
    const [name, ...rest] = route.split(":");
    const place = rest.join(":");
    if (OPEN_TO_ALL[name]) return OPEN_TO_ALL[name](this, this.data);
    if (FOR_A_FAMILY[name]) return this.visit ? FOR_A_FAMILY[name](this, place) : null;
    const view = this.parts[name + "View"];
    return view ? view(this, this.data, place) : null;
  }

  // The page stays as it is until the second script has come, or says why it does not.
  async bring(route, quiet) {
    const asked = (this.asked = {});
    try {
      this.parts = await more();
    } catch (error) {
      if (!this.view) this.render("", quiet);
      const renewed = error.renewed && keepsAnswers();
      this.tell(say(renewed ? "renewed.reload" : "problem.network"));
    }
    if (asked === this.asked && this.parts) this.render(route, quiet);
  }

  tell(words) {
    this.status.textContent = words;
    document.getElementById("main").prepend(this.status);
  }

  render(wanted, quiet) {
    let route = wanted || "tasks";
    const held = this.visit && this.visit.draft.sending;
    if (held && !MAY_WAIT.has(route)) route = "sending";
    const [name] = route.split(":");
    if (!this.parts && !OPEN_TO_ALL[name] && !FOR_A_FAMILY[name]) return this.bring(route, quiet);
    this.asked = null;
    return this.change(route, quiet);
  }

  change(wanted, quiet) {
    let route = wanted;
    if (this.view && this.view.leave) this.view.leave();
    let view = this.viewOf(route);
    if (!view) {
      route = this.visit ? "tasks" : "identify";
      view = this.viewOf(route);
    }
    this.route = route;
    this.view = view;
    if (this.visit && PLACES.has(route.split(":")[0])) this.visit.draft.place = route;
    this.draw(view, quiet);
  }

  draw(view, quiet) {
    const main = document.getElementById("main");
    const status = this.visit ? this.status : null;
    const back = view.back ? this.backLink(view.back) : null;
    const strip = back || status ? el("div", { class: "strip" }, back, status) : null;
    refill(main, ...[strip, ...view.content, this.helpBox()].filter(Boolean));
    document.title = `${view.title} – ${this.facts.census}`;
    scrollTo(0, 0);
    const focused = view.after ? view.after() : false;
    const heading = main.querySelector("h1");
    if (!focused && !quiet && heading) heading.focus({ preventScroll: true });
    if (this.visit) this.visit.saveSoon();
    if (this.shared) this.beCareful(main);
    if (this.visit && this.visit.draft.elsewhere) this.alsoElsewhere();
  }

  // A family with a continue code has each page's answers kept under it too.
  alsoElsewhere() {
    more().then((parts) => parts.follow(this), () => null);
  }

  // Help with what stands here comes when it is wanted.
  helpBox() {
    const { route } = this;
    const holder = el("div");
    const box = el("details", { class: "help" }, el("summary", null, say("help.open")), holder);
    const fill = (parts) => refill(holder, ...parts.helpFor(this, route));
    const excuse = () => refill(holder, el("p", null, say("problem.network")));
    box.addEventListener("toggle", () => box.open && more().then(fill).catch(excuse));
    return box;
  }

  beCareful(main) {
    for (const each of main.querySelectorAll("form, [autocomplete]")) each.autocomplete = "off";
    if (this.watch) return;
    this.watch = more().then((parts) => parts.watchShared(this));
    this.watch.catch(() => (this.watch = null));
  }

  backLink(route) {
    const link = el("a", { class: "back", href: "#" + route }, say("back"));
    link.addEventListener("click", (event) => {
      event.preventDefault();
      this.go(route);
    });
    return link;
  }

  bindLanguage() {
    document.querySelector("header").addEventListener("click", (event) => {
      const { href, lang } = event.target;
      if (!lang) return;
      event.preventDefault();
      const go = (parts) => parts.switchLanguage(this, href);
      more().then(go).catch(() => this.tell(say("problem.network")));
    });
  }
}

// From now on the form opens without a signal too; from the second visit on, the rest of it as well.
function keepForm({ texts }) {
  const { serviceWorker } = navigator;
  if (!serviceWorker || !texts) return;
  if (serviceWorker.controller) serviceWorker.controller.postMessage("more");
  serviceWorker.register("/sw.js").catch(() => null);
}

// A page that came only in part is asked for once more; after that its own words must do.
function start() {
  try {
    const app = new App(document);
    app.start();
    addEventListener("load", () => keepForm(app.facts.more));
  } catch (error) {
    const [visited] = performance.getEntriesByType("navigation");
    if (visited && visited.type !== "reload") location.reload();
  }
}

start();
