// Solves the door's proof of work (ALTCHA): a number whose digest is the one asked for.

import { hexOf, sha256 } from "./sha256.js";

const BATCH = 2000;

function pause() {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

// Gives the payload that the door expects as `proof`; null where there is no such number.
export async function solveChallenge(task) {
  const encoder = new TextEncoder();
  const first = parseInt(task.challenge.slice(0, 2), 16);
  for (let number = 0; number <= (task.maxnumber || 1e6); number++) {
    const digest = sha256(encoder.encode(task.salt + number));
    if (digest[0] === first && hexOf(digest) === task.challenge) {
      const { algorithm, challenge, salt, signature } = task;
      return btoa(JSON.stringify({ algorithm, challenge, number, salt, signature }));
    }
    // Lets the page breathe: an old phone stays usable meanwhile.
    if (number % BATCH === BATCH - 1) await pause();
  }
  return null;
}
