// Moves a visit on the week's board: dragged, or by Alt and an arrow on its name. The form of the
// visit's own page does the same without this script. After a move the page is loaded anew, and its
// address names the card: a browser gives it the focus, so that the next arrow moves it on.

// On a phone, where a week is wider than the screen, the board opens at today.

const form = document.getElementById("move");
let dragged = null;

const zoneOf = (target) => target.closest?.("[data-team]");
const others = (zone) =>
  [...zone.querySelectorAll(".visit:not(.cancelled)")].filter((card) => card !== dragged);

/** Put the card into a zone, before so many of the others there. */
function move(card, zone, position) {
  form.elements.lakukan.value = `pindah:${card.dataset.visit}`;
  form.elements.tim.value = zone.dataset.team;
  form.elements.hari.value = zone.dataset.day;
  form.elements.urutan.value = position;
  form.submit();
}

/** Where among the others a pointer is, from 1. */
function placeAt(zone, y) {
  const above = others(zone).filter((card) => {
    const { top, height } = card.getBoundingClientRect();
    return y > top + height / 2;
  });
  return above.length + 1;
}

function mark(zone) {
  for (const each of document.querySelectorAll(".over")) each.classList.remove("over");
  zone?.classList.add("over");
}

document.addEventListener("dragstart", (event) => {
  dragged = event.target.closest?.(".visit[draggable]");
  if (!dragged) return;
  dragged.classList.add("dragged");
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", dragged.dataset.visit);
});

document.addEventListener("dragover", (event) => {
  const zone = dragged && zoneOf(event.target);
  mark(zone);
  if (zone) event.preventDefault();
});

document.addEventListener("drop", (event) => {
  const zone = dragged && zoneOf(event.target);
  if (!zone) return;
  event.preventDefault();
  move(dragged, zone, placeAt(zone, event.clientY));
});

document.addEventListener("dragend", () => {
  dragged?.classList.remove("dragged");
  dragged = null;
  mark(null);
});

/** By arrow: which zone and place the card goes to, or nothing at the edge. */
const ARROWS = {
  ArrowUp: (card, zone, place) => (place > 1 ? [zone, place - 1] : null),
  ArrowDown: (card, zone, place) => (place <= others(zone).length ? [zone, place + 1] : null),
  ArrowLeft: (card, zone) => beside(zone, "previousElementSibling"),
  ArrowRight: (card, zone) => beside(zone, "nextElementSibling"),
};

function beside(zone, which) {
  const next = zone[which];
  return next?.matches("td[data-team]") ? [next, others(next).length + 1] : null;
}

document.addEventListener("keydown", (event) => {
  const card = event.altKey && event.target.closest?.(".visit[draggable]");
  const zone = card && zoneOf(card);
  if (!zone || !(event.key in ARROWS)) return;
  event.preventDefault();
  const place = [...zone.querySelectorAll(".visit:not(.cancelled)")].indexOf(card) + 1;
  dragged = card;
  const to = ARROWS[event.key](card, zone, place);
  if (to) move(card, ...to);
  dragged = null;
});

/** Show today's column first, beside that of the teams; whoever came to one card stays there. */
function openAtToday() {
  const today = document.querySelector("table.board thead .today");
  const region = today?.closest(".wide");
  if (!region || document.querySelector(":target")) return;
  const team = today.parentElement.firstElementChild.getBoundingClientRect();
  const { left, right } = today.getBoundingClientRect();
  const isMirrored = getComputedStyle(region).direction === "rtl";
  region.scrollLeft += isMirrored ? right - team.left : left - team.right;
}

openAtToday();
