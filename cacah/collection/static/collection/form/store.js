// Keeps the answers on this device, sealed (AES-GCM) in IndexedDB; where that cannot be, in memory
// only, until the page is closed: nothing is ever kept in plain.

const DATABASE = "cacah";
const DRAFTS = "drafts";
const KEYS = "keys";
const KEEP_DAYS = 14;
const SESSION_DAYS = 7;
const DAY = 86400000;

let database = null;
let keys = null;
let saving = 0;
const memory = new Map();
const tab = new Map();
// Of each draft what this tab knows to be stored: the record's nonce, and which save of its own it was.
const known = new Map();

function promised(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error("blocked"));
  });
}

function shelf(name, mode = "readonly") {
  return database.transaction(name, mode).objectStore(name);
}

// A full disk may refuse at the very end what each request has granted.
function committed(transaction) {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = resolve;
    transaction.onabort = () => reject(transaction.error);
  });
}

function bytesOf(text) {
  return new TextEncoder().encode(text);
}

async function newKeys() {
  const { subtle } = crypto;
  const seal = await subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  const name = await subtle.generateKey({ name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  return { id: "device", seal, name };
}

// Made once; scripts may use the keys and nobody may read them out.
async function deviceKeys() {
  const kept = await promised(shelf(KEYS).get("device"));
  if (kept) return kept;
  const made = keys || (await newKeys());
  // Of two tabs that begin at once the first one's keys hold.
  await promised(shelf(KEYS, "readwrite").add(made)).catch(() => null);
  return promised(shelf(KEYS).get("device"));
}

export async function openStore() {
  try {
    const opening = indexedDB.open(DATABASE, 2);
    opening.onupgradeneeded = () => {
      for (const name of [...opening.result.objectStoreNames]) opening.result.deleteObjectStore(name);
      for (const name of [DRAFTS, KEYS]) opening.result.createObjectStore(name, { keyPath: "id" });
    };
    database = await promised(opening);
    database.onversionchange = () => database.close();
    keys = await deviceKeys();
    await dropOld();
  } catch (error) {
    database = null;
  }
}

async function dropOld() {
  const limit = Date.now() - KEEP_DAYS * DAY;
  for (const { id, savedAt } of await promised(shelf(DRAFTS).getAll())) {
    if (savedAt < limit) await promised(shelf(DRAFTS, "readwrite").delete(id));
  }
}

// From here on this tab leaves nothing on the device.
export function keepNothing() {
  for (const name of ["family", "receipt"]) remember(name, null);
  if (database) database.close();
  database = null;
}

export function keepsAnswers() {
  return Boolean(database);
}

// Under what a family's draft is kept: the same for every member who comes back, and telling
// nobody else the number.
export async function draftId(numbers) {
  if (!keys) return numbers;
  const mac = await crypto.subtle.sign("HMAC", keys.name, bytesOf(numbers));
  return [...new Uint8Array(mac)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

// A phone whose battery was empty lives in the past: it is no earlier than when the session began.
export function now({ expires_at }) {
  return Math.max(Date.now(), Date.parse(expires_at) - SESSION_DAYS * DAY || 0);
}

async function sealed(draft, text) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const way = { name: "AES-GCM", iv, additionalData: bytesOf(draft.id) };
  const content = await crypto.subtle.encrypt(way, keys.seal, bytesOf(text));
  return { id: draft.id, iv, content, savedAt: now(draft) };
}

async function opened({ id, iv, content }) {
  const way = { name: "AES-GCM", iv, additionalData: bytesOf(id) };
  const bytes = await crypto.subtle.decrypt(way, keys.seal, content);
  return new TextDecoder().decode(bytes);
}

function nonceOf(record) {
  return String(record && record.iv);
}

async function put(record, number, text) {
  const drafts = shelf(DRAFTS, "readwrite");
  const { id } = record;
  const there = await promised(drafts.get(id));
  const last = known.get(id);
  if (last && last.nonce !== nonceOf(there)) return null;
  // Forgotten, or saved again, while this was being sealed.
  if (!memory.has(id) || (last && last.number > number)) return true;
  // A tab that is only looked at again keeps nothing: that would make the other one late.
  if (last && last.text === text) {
    last.number = number;
    return true;
  }
  drafts.put(record);
  // At once, so that it holds even when the page is being closed.
  if (drafts.transaction.commit) drafts.transaction.commit();
  await committed(drafts.transaction);
  known.set(id, { nonce: nonceOf(record), number, text });
  return true;
}

// Resolves to true when the draft will survive a reload, to null when another tab has sent or
// removed it, or has newer answers.
export async function keepDraft(draft) {
  memory.set(draft.id, draft);
  if (!database) return false;
  const number = ++saving;
  const text = JSON.stringify(draft);
  try {
    return await put(await sealed(draft, text), number, text);
  } catch (error) {
    if (!error || error.name !== "InvalidStateError") return false;
    // A browser short of room has thrown everything out: what this page has is kept anew.
    known.clear();
    await openStore();
    return keepDraft(draft);
  }
}

export async function findDraft(id) {
  if (memory.has(id)) return memory.get(id);
  if (!database) return null;
  try {
    const record = await promised(shelf(DRAFTS).get(id));
    const text = record ? await opened(record) : null;
    known.set(id, { nonce: nonceOf(record), number: 0, text });
    return JSON.parse(text);
  } catch (error) {
    return null;
  }
}

// A draft that the family has sent and nobody has received yet.
export async function findWaiting() {
  if (!database) return null;
  try {
    for (const { id } of await promised(shelf(DRAFTS).getAll())) {
      const draft = await findDraft(id);
      if (draft && draft.sending) return draft;
    }
  } catch (error) {
    // What cannot be read cannot be sent.
  }
  return null;
}

export async function forgetDraft(id) {
  memory.delete(id);
  known.delete(id);
  if (!database) return;
  try {
    await promised(shelf(DRAFTS, "readwrite").delete(id));
  } catch (error) {
    database = null;
  }
}

export async function forgetAll() {
  memory.clear();
  known.clear();
  if (database) await promised(shelf(DRAFTS, "readwrite").clear());
}

export async function countDrafts() {
  if (!database) return memory.size;
  try {
    return await promised(shelf(DRAFTS).count());
  } catch (error) {
    return 0;
  }
}

// What this tab is about: the draft it has open, or the receipt it shows.
export function remember(name, value) {
  tab.set(name, value);
  if (!database) return;
  try {
    if (value === null) sessionStorage.removeItem(name);
    else sessionStorage.setItem(name, JSON.stringify(value));
  } catch (error) {
    // A browser without it forgets at the next reload.
  }
}

export function recall(name) {
  if (tab.has(name)) return tab.get(name);
  if (!database) return null;
  try {
    return JSON.parse(sessionStorage.getItem(name));
  } catch (error) {
    return null;
  }
}
