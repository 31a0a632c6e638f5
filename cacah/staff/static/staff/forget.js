/**
 * Whoever has to sign in leaves nothing of the office on this device: pages that a worker kept, and
 * what a page noted of those that it showed. What waits to be reported has another name, and stays.
 */

const OURS = "cacah-office-";
const isOffice = (worker) => /^(\/[a-z]+)?\/kantor\//.test(new URL(worker.scope).pathname);

for (const name of Object.keys(localStorage)) {
  if (name.startsWith(OURS)) localStorage.removeItem(name);
}
forget().catch(() => null);

async function forget() {
  const workers = (await navigator.serviceWorker?.getRegistrations()) ?? [];
  await Promise.all(workers.filter(isOffice).map((worker) => worker.unregister()));
  const names = (await globalThis.caches?.keys()) ?? [];
  await Promise.all(names.filter((name) => name.startsWith(OURS)).map((name) => caches.delete(name)));
}
