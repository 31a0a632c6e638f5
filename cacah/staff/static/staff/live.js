/**
 * Keeps the figures of an open page true: asks every few seconds whether they have changed, and
 * puts them in place only then. Where the network is gone it says of when the figures are, and goes
 * on asking. Without this script the page has a link to load it again.
 *
 * <div data-url="…" data-version="…" data-every="10"> holds the figures; data-url answers with their
 * HTML, an ETag and X-As-Of, or with 304. With data-known it is asked for what has changed since
 * (`?sejak=`), and a module of the page puts that in place: it hears `fresh` and prevents what is
 * done else. Anywhere on the page: data-as-of holds the time, and
 * data-stale, data-ended and data-changed (what is not kept true is older than the figures) are
 * shown when they are true.
 */

const REFUSED = [403, 404];
const SLOWEST_SECONDS = 60;

const all = (name) => document.querySelectorAll(`[data-${name}]`);
const show = (name, isShown) => all(name).forEach((each) => { each.hidden = !isShown; });

/** Ask for the figures; resolves to what to do next. */
async function ask(live) {
  const { url, version, known } = live.dataset;
  const since = known === undefined ? "" : `?sejak=${encodeURIComponent(known)}`;
  const answer = await fetch(url + since, {
    headers: known === "" ? {} : { "If-None-Match": `"${version}"` },
    cache: "no-store",
    redirect: "manual",
    signal: AbortSignal.timeout(15000),
  });
  // A redirection leads to the sign-in page.
  if (answer.type === "opaqueredirect" || REFUSED.includes(answer.status)) return "ended";
  if (answer.status === 304) return told(answer);
  if (!answer.ok) throw new Error(String(answer.status));
  const detail = await answer.text();
  live.dataset.version = (answer.headers.get("ETag") || "").replace(/^W\//, "").replaceAll('"', "");
  if (known !== undefined) live.dataset.known = live.dataset.version;
  if (live.dispatchEvent(new CustomEvent("fresh", { detail, cancelable: true }))) replace(live, detail);
  show("changed", true);
  return told(answer);
}

function told(answer) {
  const at = answer.headers.get("X-As-Of");
  if (at) all("as-of").forEach((each) => { each.textContent = at; });
  return "current";
}

/** Put new figures in place; whoever stands on a link or scrolled a table stays there. */
function replace(live, html) {
  const focused = live.contains(document.activeElement) && document.activeElement;
  const place = focused && placeOf(live, focused);
  const scrolled = [...live.querySelectorAll(".wide")].map((each) => each.scrollLeft);
  const made = document.createElement("template");
  made.innerHTML = html;
  live.replaceChildren(made.content);
  live.querySelectorAll(".wide").forEach((each, n) => { each.scrollLeft = scrolled[n] || 0; });
  if (place) live.querySelectorAll(place.selector)[place.n]?.focus({ preventScroll: true });
}

/** Say how to find this element again: the link that leads there, or the nth of its kind. */
function placeOf(live, element) {
  const href = element.getAttribute("href");
  const selector = href ? `a[href="${CSS.escape(href)}"]` : element.tagName;
  return { selector, n: [...live.querySelectorAll(selector)].indexOf(element) };
}

function start(live) {
  const every = Number(live.dataset.every);
  let failures = 0;
  let timer = 0;
  const later = (seconds) => { clearTimeout(timer); timer = setTimeout(round, seconds * 1000); };
  const round = async () => {
    if (document.hidden) return;
    try {
      const state = await ask(live);
      failures = 0;
      show("stale", false);
      show("ended", state === "ended");
    } catch {
      failures += 1;
      show("stale", true);
    }
    later(Math.min(every * 2 ** Math.min(failures, 4), SLOWEST_SECONDS));
  };
  document.addEventListener("visibilitychange", () => { if (!document.hidden) round(); });
  addEventListener("online", round);
  later(every);
}

/** Let the wall's clock go by the device, in the site's zone. */
function tick(clock) {
  const zone = { hour: "2-digit", minute: "2-digit", second: "2-digit", timeZone: clock.dataset.clock };
  const language = document.documentElement.lang;
  setInterval(() => { clock.textContent = new Date().toLocaleTimeString(language, { ...zone, hour12: false }); }, 1000);
}

all("url").forEach(start);
all("clock").forEach(tick);
