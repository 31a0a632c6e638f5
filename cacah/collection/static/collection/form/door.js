// Speaks with the door: two requests, and a third for the card question (docs/door.md).

const PATIENCE = 45000;

function seconds(header) {
  const wait = Number(header);
  return Number.isFinite(wait) && wait > 0 ? Math.ceil(wait) : 0;
}

async function readJson(response) {
  try {
    return await response.json();
  } catch (error) {
    return null;
  }
}

// A hotspot's log-in page or a gateway may answer in the door's place: then nothing is known.
function isFromElsewhere(response, data) {
  if (response.status >= 500) return false;
  return !data || (!response.ok && typeof data.code !== "string");
}

export const NO_ANSWER = { status: 0, code: "network", data: {}, wait: 0 };

// Gives {status, code, data, wait}; status 0 with code "network" where no answer came.
export async function ask(path, body, patience = PATIENCE) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), patience);
  try {
    const response = await fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
      credentials: "omit",
      signal: stop.signal,
    });
    const data = await readJson(response);
    const wait = seconds(response.headers.get("Retry-After"));
    if (isFromElsewhere(response, data)) return { ...NO_ANSWER, wait };
    const code = response.ok ? "" : (data && data.code) || "try-later";
    return { status: response.status, code, data: data || {}, wait };
  } catch (error) {
    return NO_ANSWER;
  } finally {
    clearTimeout(timer);
  }
}

// 128 random bits as 22 characters of base64url: the key of one submission.
export function submissionKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const text = btoa(String.fromCharCode(...bytes));
  return text.replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}
