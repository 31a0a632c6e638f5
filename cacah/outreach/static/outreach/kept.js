/**
 * Has this page kept on the device, so that it opens without a signal: its worker looks after it.
 */

const { keep, worker, parts } = document.querySelector("[data-keep]").dataset;

if (navigator.serviceWorker) {
  const page = keep + location.search;
  navigator.serviceWorker
    .register(worker)
    .then(() => navigator.serviceWorker.ready)
    .then(({ active }) => active.postMessage({ page, parts: parts.split(" ") }))
    .catch(() => null);
}
