// Brings the second script, with its words, when somebody wants what most families never need.

import { NO_ANSWER, ask } from "./door.js";
import { addTexts } from "./texts.js";

let place = { script: "", texts: "" };
let coming = null;
let failures = 0;

export async function textsAt(address) {
  if (!address) return {};
  const response = await fetch(address);
  if (!response.ok) throw new Error(address);
  return response.json();
}

async function bring({ script, texts }) {
  // A browser may remember that an address failed; another one is asked for afresh.
  const address = failures ? `${script}?again=${failures}` : script;
  const [parts, words] = await Promise.all([import(address), textsAt(texts)]);
  addTexts(words);
  return parts;
}

// Told where the parts of this page's language lie, at the start and when the language changes.
export function findMore(where) {
  place = where;
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

// As `ask`, with the proof of work that the door may want first; `proving` is told of it.
export async function askProven(path, body, proving, patience) {
  const result = await ask(path, body, patience);
  if (!result.data.challenge) return result;
  try {
    const { solveChallenge } = await more();
    proving();
    return ask(path, { ...body, proof: await solveChallenge(result.data.challenge) });
  } catch (error) {
    return NO_ANSWER;
  }
}
