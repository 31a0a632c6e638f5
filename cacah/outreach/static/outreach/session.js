/**
 * Puts what has changed into a session's board: staff/live.js asks for it every second, and the
 * answer holds the seats that are new or stand otherwise. Rows stay in their order: who needs
 * somebody first, then by number. Where rows are missing, the whole board is asked for.
 */

const live = document.getElementById("live");
const rows = live.getElementsByTagName("tr");
// When the minutes of a row were true, by the device's own clock that is never set.
const since = new WeakMap();

const orderOf = (row) => Number(row.dataset.urgency) * 1e6 + Number(row.dataset.seat);
const seats = () => [...rows].filter((row) => row.dataset.seat);

live.addEventListener("fresh", (event) => {
  const made = document.createElement("template");
  made.innerHTML = event.detail;
  const changes = made.content.querySelector("[data-changes]");
  if (!changes) return;
  event.preventDefault();
  const focused = live.contains(document.activeElement) && document.activeElement;
  const href = focused && focused.getAttribute("href");
  merge(changes, live.querySelector("tbody"));
  if (href && !focused.isConnected) live.querySelector(`a[href="${CSS.escape(href)}"]`)?.focus({ preventScroll: true });
});

function merge(changes, body) {
  const tally = changes.querySelector(".tally");
  live.querySelector("[data-over]")?.remove();
  live.querySelector(".tally").replaceWith(...changes.querySelectorAll("[data-over], .tally"));
  const there = new Map(seats().map((row) => [row.dataset.seat, row]));
  const fresh = [...changes.querySelectorAll("tr")];
  for (const row of fresh) {
    there.get(row.dataset.seat)?.remove();
    start(row);
  }
  insert(fresh, body);
  const many = Number(tally.dataset.many);
  live.querySelector(".wide").hidden = !many;
  live.querySelector("[data-nobody]").hidden = many > 0;
  if (body.rows.length !== many) live.dataset.known = "";
}

/** Put rows that are in order among those that are: one walk from the first to the last. */
function insert(fresh, body) {
  let next = body.rows[0];
  for (const row of fresh) {
    while (next && orderOf(next) < orderOf(row)) next = next.nextElementSibling;
    body.insertBefore(row, next ?? null);
  }
}

function start(row) {
  const cell = row.querySelector("[data-minutes]");
  if (cell?.textContent) since.set(row, performance.now() - Number(cell.textContent) * 60000);
}

/** Minutes go on by themselves, but not where the board is out of touch. */
function tick() {
  const stale = document.querySelector("[data-stale]");
  if (document.hidden || (stale && !stale.hidden)) return;
  for (const row of seats()) {
    if (!since.has(row)) start(row);
    if (!since.has(row)) continue;
    const minutes = String(Math.floor((performance.now() - since.get(row)) / 60000));
    const cell = row.querySelector("[data-minutes]");
    if (cell.textContent !== minutes) cell.textContent = minutes;
  }
}

seats().forEach(start);
setInterval(tick, 5000);
