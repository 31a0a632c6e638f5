// Keeps the answers on this device: IndexedDB, or memory where the browser has none.

const DATABASE = "cacah";
const SHELF = "drafts";
const KEEP_DAYS = 60;

let database = null;
const memory = new Map();

function promised(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error("blocked"));
  });
}

function shelf(mode) {
  return database.transaction(SHELF, mode).objectStore(SHELF);
}

export async function openStore() {
  try {
    const opening = indexedDB.open(DATABASE, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(SHELF, { keyPath: "id" });
    database = await promised(opening);
    database.onversionchange = () => database.close();
    await dropOld();
  } catch (error) {
    database = null;
  }
}

async function dropOld() {
  const limit = Date.now() - KEEP_DAYS * 86400000;
  for (const draft of await promised(shelf("readonly").getAll())) {
    if (draft.savedAt < limit) await promised(shelf("readwrite").delete(draft.id));
  }
}

// Resolves to true when the draft will survive a reload.
export async function keepDraft(draft) {
  draft.savedAt = Date.now();
  memory.set(draft.id, draft);
  if (!database) return false;
  try {
    const transaction = database.transaction(SHELF, "readwrite");
    const putting = transaction.objectStore(SHELF).put(draft);
    // At once, so that it holds even when the page is being closed.
    if (transaction.commit) transaction.commit();
    await promised(putting);
    return true;
  } catch (error) {
    return false;
  }
}

export async function findDraft(id) {
  if (memory.has(id)) return memory.get(id);
  if (!database) return null;
  try {
    return (await promised(shelf("readonly").get(id))) || null;
  } catch (error) {
    return null;
  }
}

export async function forgetDraft(id) {
  memory.delete(id);
  if (!database) return;
  try {
    await promised(shelf("readwrite").delete(id));
  } catch (error) {
    database = null;
  }
}

export async function countDrafts() {
  if (!database) return memory.size;
  try {
    return await promised(shelf("readonly").count());
  } catch (error) {
    return 0;
  }
}

// What this tab is about: the draft it has open, or the receipt it shows.
export function remember(name, value) {
  try {
    if (value === null) sessionStorage.removeItem(name);
    else sessionStorage.setItem(name, JSON.stringify(value));
  } catch (error) {
    memory.set("tab:" + name, value);
  }
}

export function recall(name) {
  try {
    return JSON.parse(sessionStorage.getItem(name));
  } catch (error) {
    return memory.get("tab:" + name) || null;
  }
}
