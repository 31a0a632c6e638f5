/**
 * Hands souvenirs out, also without a signal: what was handed out then waits on this device, and is
 * reported when there is one. What this device has handed out it refuses a second time by itself.
 *
 * On the device lie the receipts that wait to be reported, until they are; and a digest of each that
 * was shown here, for twelve hours and until somebody signs out (staff/forget.js).
 */

const WAITING = "cacah-souvenirs";
const SHOWN = "cacah-office-souvenirs";
const TWELVE_HOURS = 43200000;
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
// A session's laptop has signed it with a key of its own: the office checks it when it is reported.
const LAPTOPS = /\.p[1-9]\d*$/;

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
  if (!signed || LAPTOPS.test(signed[1])) return true;
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

const stored = (name, empty) => JSON.parse(localStorage.getItem(name) ?? "null") ?? empty;
const waitingNow = () => stored(WAITING, []);

/** Keep something under a name, nothing where it is empty; false where the device is full. */
function store(name, what) {
  try {
    if (Object.keys(what).length) localStorage.setItem(name, JSON.stringify(what));
    else localStorage.removeItem(name);
  } catch {
    return false;
  }
  return true;
}

function keep(waiting) {
  if (!store(WAITING, waiting)) return false;
  section.hidden = !waiting.length;
  section.querySelector("[data-many]").textContent = waiting.length;
  return true;
}

/** Of what was shown here, what is not older than twelve hours. */
function shownLately() {
  const recent = Object.entries(stored(SHOWN, {})).filter(([, at]) => at > Date.now() - TWELVE_HOURS);
  return Object.fromEntries(recent);
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

let token = form.csrfmiddlewaretoken?.value;

/** Ask the office; resolves to what it says of each, null without a signal; throws signed out. */
async function ask(list) {
  token ??= await freshToken();
  if (!token) return null;
  let answered = await post(list);
  // Whoever has signed in again has another token.
  if (answered?.status === 403 && (token = await freshToken())) answered = await post(list);
  checkSignedIn(answered);
  return answered?.ok ? (await answered.json()).told : null;
}

const post = (list) =>
  fetch(form.action, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": token },
    body: JSON.stringify(list),
    redirect: "manual",
    signal: AbortSignal.timeout(8000),
  }).catch(() => null);

/** The token of the page as it is now; nothing without a signal. */
async function freshToken() {
  const signal = AbortSignal.timeout(8000);
  const page = await fetch(said.page, { redirect: "manual", signal }).catch(() => null);
  checkSignedIn(page);
  if (!page?.ok) return undefined;
  const parsed = new DOMParser().parseFromString(await page.text(), "text/html");
  return parsed.querySelector("[name=csrfmiddlewaretoken]")?.value;
}

function checkSignedIn(answered) {
  if (answered?.type === "opaqueredirect" || answered?.status === 403) throw new Error(said.ended);
}

async function handOut(given) {
  const number = numberOf(given);
  if (!number) return tell("refused", said.wrong);
  const digest = await digestOf(number);
  const before = shownLately()[digest] ?? waitingNow().find((one) => numberOf(one.receipt) === number)?.at;
  if (before) {
    const when = new Date(before).toLocaleString(document.documentElement.lang);
    return tell("refused", `${said.twice} ${when}`);
  }
  const one = { receipt: given };
  for (const name of ["tempat", "barang", "acara"]) one[name] = form[name].value;
  const told = await ask([one]);
  if (told) {
    const [{ outcome, words }] = told;
    if (outcome === "given") store(SHOWN, { ...shownLately(), [digest]: Date.now() });
    return tell(outcome, words);
  }
  if (!(await isGenuine(given, said.key))) return tell("refused", said.forged);
  const now = new Date();
  if (!keep([...waitingNow(), { ...one, at: now.toISOString() }])) return tell("refused", said.full);
  store(SHOWN, { ...shownLately(), [digest]: now.getTime() });
  return tell("waits", said.waits);
}

/** Report what waits, the oldest first; each stays until the office has said that it has it. */
async function reportAll() {
  if (sending) return;
  sending = true;
  try {
    for (let waiting = waitingNow(); waiting.length; waiting = waitingNow()) {
      const list = waiting.slice(0, AT_ONCE);
      const told = await ask(list);
      if (!told) break;
      told.forEach(({ outcome, words }) => outcome !== "given" && outcome !== "known" && name(words));
      const gone = new Set(list.map((one) => one.at + one.receipt));
      keep(waitingNow().filter((one) => !gone.has(one.at + one.receipt)));
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
store(SHOWN, shownLately());
keep(waitingNow());
reportAll();
