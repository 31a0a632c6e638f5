// Lets the form open without a signal once it has been opened with one.

const KEPT = "cacah-form";

async function keptOrFetched(request) {
  return (await caches.match(request)) || fetch(request);
}

// The page of the form stands under its short address; without a signal the kept one answers.
async function fetchedOrKept(request) {
  try {
    return await fetch(request);
  } catch (error) {
    const kept = await caches.open(KEPT);
    const { pathname } = new URL(request.url);
    return (await kept.match(pathname, { ignoreSearch: true })) || Response.error();
  }
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (pathname.includes("/form/")) event.respondWith(keptOrFetched(request));
  else if (pathname.endsWith("/isi/")) event.respondWith(fetchedOrKept(request));
});
