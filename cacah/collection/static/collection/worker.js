// Lets the form open without a signal, from a set of files that is there whole or not at all.
// The server puts SHELL before this: `files` of every visit, `more` for later, and for the address
// of each page the file that stands there and the words of its language.

const CACHE = "cacah-form-" + SHELL.version;
const PATIENCE = 8000;

// The name of a file holds the digest of its content: what came in part or altered is not kept.
async function whole(path, how) {
  const response = await fetch(path, how);
  const digest = await crypto.subtle.digest("SHA-256", await response.clone().arrayBuffer());
  const hex = [...new Uint8Array(digest, 0, 6)].map((b) => b.toString(16).padStart(2, "0")).join("");
  if (!response.ok || !path.includes(`.${hex}.`)) throw new Error(path);
  return response;
}

async function keep(path) {
  const cache = await caches.open(CACHE);
  if (!(await cache.match(path))) {
    await cache.put(path, await whole(path).catch(() => whole(path, { cache: "reload" })));
  }
  return cache.match(path);
}

// The pages whose language somebody reads here; at least one.
async function keepForm() {
  const open = await clients.matchAll({ includeUncontrolled: true });
  const seen = open.map(({ url }) => new URL(url).pathname);
  const pages = Object.entries(SHELL.pages);
  const read = pages.filter(([address, [file]]) => seen.includes(address) || seen.includes(file));
  const files = (read.length ? read : pages.slice(0, 1)).map(([, [file]]) => file);
  await Promise.all([...SHELL.files, ...files].map(keep));
}

async function keepMore() {
  const cache = await caches.open(CACHE);
  await keep(SHELL.more);
  for (const [page, words] of Object.values(SHELL.pages)) {
    if (await cache.match(page)) await keep(words);
  }
}

// The version before this one stays, for pages of it that are still open.
async function tidy() {
  const old = (await caches.keys()).filter((name) => name !== CACHE);
  await Promise.all(old.slice(0, -1).map((name) => caches.delete(name)));
  await clients.claim();
}

async function keptPage(pathname) {
  const cache = await caches.open(CACHE);
  const pages = Object.values(SHELL.pages).map(([file]) => file);
  if (SHELL.pages[pathname]) pages.unshift(SHELL.pages[pathname][0]);
  for (const page of pages) {
    const found = await cache.match(page);
    if (found) return found;
  }
  return null;
}

// The server's answer; the kept page where none comes, or none in time.
async function pageFor(request, pathname) {
  // A page that changes its language takes the other one of its own version.
  if (request.mode !== "navigate") return fileFor(request, SHELL.pages[pathname][0]);
  const kept = await keptPage(pathname);
  if (!kept) return fetch(request);
  const late = new Promise((resolve) => setTimeout(() => resolve(kept), PATIENCE));
  const fresh = fetch(request).then((answer) => (answer.status < 500 ? answer : kept));
  return Promise.race([fresh.catch(() => kept), late]);
}

async function fileFor(request, pathname) {
  const found = await caches.match(pathname);
  if (found) return found;
  const own = [SHELL.files, SHELL.more, Object.values(SHELL.pages)].flat(2).includes(pathname);
  try {
    return await (own ? keep(pathname) : fetch(request));
  } catch (error) {
    const page = request.mode === "navigate" && (await keptPage(pathname));
    return page || fetch(request);
  }
}

function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

// Sends what waits, as the page does (form/store.js, form/sending.js), when the page is closed. The
// answers stay until the page gets the same receipt by the same key, and shows it.
async function sendWaiting() {
  const database = await done(indexedDB.open("cacah"));
  const all = (name) => done(database.transaction(name).objectStore(name).getAll());
  const [[keys], drafts] = await Promise.all([all("keys"), all("drafts")]);
  for (const { id, iv, content } of drafts) {
    const way = { name: "AES-GCM", iv, additionalData: new TextEncoder().encode(id) };
    const bytes = await crypto.subtle.decrypt(way, keys.seal, content);
    const { session, sending } = JSON.parse(new TextDecoder().decode(bytes));
    const body = sending && JSON.stringify({ session, ...sending });
    const headers = { "Content-Type": "application/json" };
    // Without an answer the browser tries again later.
    if (body) await fetch("/api/submit", { method: "POST", headers, body, credentials: "omit" });
  }
  database.close();
}

addEventListener("sync", (event) => event.waitUntil(sendWaiting()));
addEventListener("install", (event) => {
  skipWaiting();
  event.waitUntil(keepForm());
});
addEventListener("activate", (event) => event.waitUntil(tidy()));
addEventListener("message", (event) => event.waitUntil(keepMore()));
addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (pathname.startsWith(SHELL.home)) event.respondWith(fileFor(request, pathname));
  else if (SHELL.pages[pathname]) event.respondWith(pageFor(request, pathname));
});
