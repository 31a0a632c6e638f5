// Seals a draft under its code, and finds it again: what leaves the device tells nobody anything.
// The door's page of the documents (docs/door.md) says the same, so that any client can do it.

const ROUNDS = 300000;
const NONCE = 12;
const BLOCK = 1024;
const MOST_CHARACTERS = 65536;

const utf8 = new TextEncoder();
const derived = new Map();

function textOf(bytes) {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

function bytesFrom(text) {
  const binary = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}

export function canSeal() {
  return Boolean(window.crypto && crypto.subtle);
}

function drawn(name) {
  const info = utf8.encode("cacah draft " + name);
  return { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(0), info };
}

async function derive(code, family) {
  const { subtle } = crypto;
  const symbols = utf8.encode(code.replace(/-/g, "").slice(0, 12));
  const salt = utf8.encode("cacah kode lanjut " + family);
  const password = await subtle.importKey("raw", symbols, "PBKDF2", false, ["deriveBits"]);
  const stretch = { name: "PBKDF2", hash: "SHA-256", salt, iterations: ROUNDS };
  const bits = await subtle.deriveBits(stretch, password, 256);
  const secret = await subtle.importKey("raw", bits, "HKDF", false, ["deriveBits", "deriveKey"]);
  const way = { name: "AES-GCM", length: 256 };
  const key = await subtle.deriveKey(drawn("key"), secret, way, false, ["encrypt", "decrypt"]);
  const locator = await subtle.deriveBits(drawn("locator"), secret, 128);
  return { key, locator: textOf(new Uint8Array(locator)) };
}

// {key, locator} of a code, once for each page: a cheap phone works at it for a second. `family`
// is its KK number (or an unlisted family's reference), so that nobody can try one code on all.
export function keysOf(code, family) {
  const name = code + " " + family;
  if (!derived.has(name)) derived.set(name, derive(code, family));
  return derived.get(name);
}

function way(iv, version) {
  return { name: "AES-GCM", iv, additionalData: utf8.encode("cacah draft " + version) };
}

// Text for the door, "" where it is more than the door takes. It opens only as this very version,
// and its length says nothing finer than a kilobyte.
export async function sealDraft(key, version, draft) {
  const text = utf8.encode(JSON.stringify(draft));
  const padded = new Uint8Array(Math.ceil(text.length / BLOCK) * BLOCK).fill(32);
  padded.set(text);
  const iv = crypto.getRandomValues(new Uint8Array(NONCE));
  const content = await crypto.subtle.encrypt(way(iv, version), key, padded);
  const sealed = textOf(iv) + textOf(new Uint8Array(content));
  return sealed.length > MOST_CHARACTERS ? "" : sealed;
}

// By this a device knows what it has sent itself.
export function markOf(sealed) {
  return sealed.slice(0, 16);
}

// Rejects where the bytes are not that version of a draft under this key.
export async function openSealed(key, version, sealed) {
  const bytes = bytesFrom(sealed);
  const [iv, content] = [bytes.slice(0, NONCE), bytes.slice(NONCE)];
  const text = await crypto.subtle.decrypt(way(iv, version), key, content);
  return JSON.parse(new TextDecoder().decode(text));
}
