/**
 * Hands souvenirs out, also without a signal: what was handed out then waits on this device, and is
 * reported when there is one. What this device has handed out it refuses a second time by itself.
 *
 * On the device lie the receipts that wait to be reported, and of those that have been only a
 * digest; nothing of either is needed a day later.
 */

const KEPT = "cacah-souvenirs";
const DAY = 86400000;
const AT_ONCE = 200;
const form = document.querySelector("[data-handing]");
const field = form.querySelector("[data-receipt]");
const answer = form.querySelector("[data-answer]");
const section = document.querySelector("[data-waiting]");
const reported = document.querySelector("[data-reported]");
const said = form.dataset;
let sending = false;

// Receipt numbers are read as `cacah.collection.numbers` does.
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const CHECKS = ALPHABET + "*~$=U";
const LOOK_ALIKES = { O: "0", I: "1", L: "1" };
// The parts of a signed receipt before its signature, its number the second of them.
const SIGNED = /([^/]+)\.([A-Za-z0-9_-]{86})\/?$/;

/** The 13 symbols of a number that was typed or scanned; "" for what is none. */
function numberOf(given) {
  const signed = SIGNED.exec(given);
  const text = signed ? signed[1].split(".")[1] : given.replace(/\/$/, "").split("/").pop();
  const symbols = String(text)
    .toUpperCase()
    .replace(/[OIL]/g, (symbol) => LOOK_ALIKES[symbol])
    .replace(/[\s.‐‑–—\u00a0-]/g, "");
  if (symbols.length !== 13) return "";
  let value = 0n;
  for (const symbol of symbols.slice(0, 12)) {
    const digit = ALPHABET.indexOf(symbol);
    if (digit < 0) return "";
    value = value * 32n + BigInt(digit);
  }
  return CHECKS[Number(value % 37n)] === symbols[12] ? symbols : "";
}

const bytesOf = (base64) => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));

/** False for a scanned receipt whose signature does not fit; true where nothing can be said. */
async function isGenuine(given, key) {
  const signed = SIGNED.exec(given);
  if (!signed) return true;
  try {
    const usages = ["verify"];
    const office = await crypto.subtle.importKey("raw", bytesOf(key), "Ed25519", false, usages);
    const signature = bytesOf(signed[2].replace(/-/g, "+").replace(/_/g, "/") + "==");
    const words = new TextEncoder().encode(signed[1]);
    return await crypto.subtle.verify("Ed25519", office, signature, words);
  } catch {
    // An older browser cannot check signatures; the office does when it is reported.
    return true;
  }
}

const recall = () => JSON.parse(localStorage.getItem(KEPT) ?? "null") ?? { waiting: [], done: {} };

/** Keep what waits and what is done; false where the device is full. */
function keep(kept) {
  try {
    localStorage.setItem(KEPT, JSON.stringify(kept));
  } catch {
    return false;
  }
  section.hidden = !kept.waiting.length;
  section.querySelector("[data-many]").textContent = kept.waiting.length;
  return true;
}

async function digestOf(number) {
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(number)));
  return [...bytes.slice(0, 8)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function tell(outcome, words) {
  answer.hidden = false;
  answer.dataset.outcome = outcome;
  answer.textContent = words;
  field.value = "";
  field.focus();
}

/** Ask the office; resolves to what it says of each, null without a signal or a sign-in. */
async function ask(list) {
  const answered = await fetch(form.action, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": form.csrfmiddlewaretoken.value },
    body: JSON.stringify(list),
    redirect: "manual",
    signal: AbortSignal.timeout(8000),
  }).catch(() => null);
  if (answered?.type === "opaqueredirect" || answered?.status === 403) throw new Error(said.ended);
  return answered?.ok ? (await answered.json()).told : null;
}

async function handOut(given) {
  const number = numberOf(given);
  if (!number) return tell("refused", said.wrong);
  const kept = recall();
  const digest = await digestOf(number);
  const before = kept.done[digest];
  if (before) {
    const when = new Date(before).toLocaleString(document.documentElement.lang);
    return tell("refused", `${said.twice} ${when}`);
  }
  const one = { receipt: given };
  for (const name of ["tempat", "barang", "acara"]) one[name] = form[name].value;
  const told = await ask([one]);
  if (told) {
    const [{ outcome, words }] = told;
    if (outcome === "given") keep({ ...recall(), done: { ...recall().done, [digest]: Date.now() } });
    return tell(outcome, words);
  }
  if (!(await isGenuine(given, said.key))) return tell("refused", said.forged);
  const now = new Date();
  kept.waiting.push({ ...one, at: now.toISOString() });
  kept.done[digest] = now.getTime();
  return keep(kept) ? tell("waits", said.waits) : tell("refused", said.full);
}

/** Report what waits, the oldest first; each stays until the office has said that it has it. */
async function reportAll() {
  if (sending) return;
  sending = true;
  try {
    for (let kept = recall(); kept.waiting.length; kept = recall()) {
      const list = kept.waiting.slice(0, AT_ONCE);
      const told = await ask(list);
      if (!told) break;
      told.forEach(({ outcome, words }) => outcome !== "given" && outcome !== "known" && name(words));
      const now = recall();
      const gone = new Set(list.map((one) => one.at + one.receipt));
      keep({ ...now, waiting: now.waiting.filter((one) => !gone.has(one.at + one.receipt)) });
    }
  } catch (error) {
    tell("refused", error.message);
  }
  sending = false;
}

function name(words) {
  reported.hidden = false;
  const line = document.createElement("li");
  line.textContent = words;
  reported.querySelector("ul").append(line);
}

/** Digests are there for the queue of a day, no longer. */
function tidy() {
  const kept = recall();
  const done = Object.entries(kept.done).filter(([, at]) => at > Date.now() - DAY);
  keep({ waiting: kept.waiting, done: Object.fromEntries(done) });
}

let turn = Promise.resolve();
let current = "";

/** One after the other; what is asked already is not asked again by a second tap. */
function go() {
  const given = field.value.trim();
  if (given && given === current) return;
  current = given;
  turn = turn.then(async () => {
    // Nobody takes the answer to the last one for the answer to this one.
    answer.hidden = true;
    answer.textContent = "";
    await handOut(given).catch((error) => tell("refused", error.message));
    if (current === given) current = "";
  });
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  go();
});
field.addEventListener("scanned", go);
section.querySelector("[data-report]").addEventListener("click", reportAll);
addEventListener("online", reportAll);
setInterval(reportAll, 30000);
tidy();
reportAll();
