/**
 * Opens the page that hands souvenirs out without a signal, for twelve hours after it was last
 * opened with one. It looks after that page alone, and what it keeps has nobody's name in it: the
 * server makes that page without the officer, the menu and a token.
 *
 * staff/forget.js throws it away where somebody signs in or has signed out.
 */

const KEPT = "cacah-office-souvenirs";
const TWELVE_HOURS = 43200000;
const PATIENCE = 6000;
const HERE = new URL("./", location).pathname;

addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));
addEventListener("message", (event) => event.waitUntil(keep(event.data).catch(() => null)));

/** Keep the page, in place of the one before, and the parts that it is made of. */
async function keep({ page, parts }) {
  const fresh = await fetch(page, { redirect: "error", cache: "no-store" });
  if (!fresh.ok) return;
  const headers = new Headers(fresh.headers);
  headers.set("X-Kept-At", Date.now());
  // What is kept is unpacked.
  headers.delete("Content-Encoding");
  headers.delete("Content-Length");
  const cache = await caches.open(KEPT);
  const there = (await cache.keys()).map((request) => new URL(request.url).pathname);
  await cache.addAll(parts.filter((part) => !there.includes(part)));
  await cache.put(HERE, new Response(await fresh.blob(), { headers }));
  const old = there.filter((path) => path !== HERE && !parts.includes(path));
  await Promise.all(old.map((path) => cache.delete(path)));
}

async function opened(request) {
  try {
    return await Promise.race([fetch(request), tooLong()]);
  } catch {
    const kept = await (await caches.open(KEPT)).match(HERE);
    const isRecent = kept && Date.now() - kept.headers.get("X-Kept-At") < TWELVE_HOURS;
    if (isRecent) return kept;
    await caches.delete(KEPT);
    return Response.error();
  }
}

const tooLong = () => new Promise((_go, fail) => setTimeout(() => fail(new Error("no signal")), PATIENCE));

addEventListener("fetch", (event) => {
  const { request } = event;
  const { pathname, origin } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (request.mode === "navigate" && pathname === HERE) event.respondWith(opened(request));
  else if (!pathname.startsWith(HERE)) event.respondWith(partOf(request));
});

async function partOf(request) {
  const cache = await caches.open(KEPT);
  return (await cache.match(request)) ?? fetch(request);
}
