// Reads receipt numbers as `cacah.collection.numbers` does, for a device without a signal.

const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const CHECKS = ALPHABET + "*~$=U";
const LOOK_ALIKES = { O: "0", I: "1", L: "1" };
// The parts of a signed receipt before its signature, its number the second of them.
const SIGNED = /([^/]+)\.([A-Za-z0-9_-]{86})\/?$/;

/** The 13 symbols of a number that was typed or scanned; "" for what is none. */
export function numberOf(given) {
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
export async function isGenuine(given, key) {
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
