// Brings the second script, with its words, when somebody wants what most families never need.

import { addTexts } from "./texts.js";

let place = { script: "", texts: "" };
let coming = null;
let failures = 0;

async function bringTexts(address) {
  if (!address) return;
  const response = await fetch(address);
  if (!response.ok) throw new Error(address);
  addTexts(await response.json());
}

async function bring({ script, texts }) {
  // A browser may remember that an address failed; another one is asked for afresh.
  const address = failures ? `${script}?again=${failures}` : script;
  const [parts] = await Promise.all([import(address), bringTexts(texts)]);
  return parts;
}

// Told where the parts of this page's language lie, at the start and when the language changes.
export async function useMore(where) {
  const wanted = coming;
  place = where;
  coming = null;
  if (wanted) await more();
}

// Resolves to the exports of more/entry.js; rejects where they cannot be had now, with `renewed`
// where the server has only those of a newer form.
export function more() {
  if (!coming) {
    coming = bring(place).catch(async (error) => {
      failures += 1;
      coming = null;
      const answer = await fetch(place.script).catch(() => error);
      throw Object.assign(error, { renewed: answer.status === 404 });
    });
  }
  return coming;
}
