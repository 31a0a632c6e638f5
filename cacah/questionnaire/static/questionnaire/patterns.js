// Patterns of regex(), read as Java reads them: the whole text, and ASCII for \d, \w and \s.

const KNOWN_PATTERNS = new Map();
const SPACE_CLASS = " \\t\\n\\r\\f\\v";

// \s means more in a browser than in Java.
function withPlainSpaces(pattern) {
  let inClass = false;
  return pattern.replace(/\\[\s\S]|[[\]]/g, (part) => {
    if (part === "[") inClass = true;
    if (part === "]") inClass = false;
    if (part === "\\s") return inClass ? SPACE_CLASS : `[${SPACE_CLASS}]`;
    return part === "\\S" && !inClass ? `[^${SPACE_CLASS}]` : part;
  });
}

function readPattern(pattern) {
  const whole = `^(?:${withPlainSpaces(pattern)})$`;
  for (const flags of ["u", ""]) {
    try {
      return new RegExp(whole, flags);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
    }
  }
  return null;
}

export function matchesWhole(text, pattern) {
  if (!KNOWN_PATTERNS.has(pattern)) KNOWN_PATTERNS.set(pattern, readPattern(pattern));
  const known = KNOWN_PATTERNS.get(pattern);
  return known !== null && known.test(text);
}
