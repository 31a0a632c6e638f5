// Kode lanjut: 60 random bits in Crockford's base32 with a check symbol, as receipt numbers are
// spelt (cacah/collection/numbers.py).

const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const CHECK_SYMBOLS = ALPHABET + "*~$=U";
const SYMBOLS = 12;
const LOOK_ALIKES = { O: "0", I: "1", L: "1" };

function checkOf(symbols) {
  const add = (value, symbol) => (value * 32 + ALPHABET.indexOf(symbol)) % CHECK_SYMBOLS.length;
  return CHECK_SYMBOLS[[...symbols].reduce(add, 0)];
}

function spell(symbols) {
  const groups = [symbols.slice(0, 4), symbols.slice(4, 8), symbols.slice(8), checkOf(symbols)];
  return groups.join("-");
}

export function newCode() {
  const bytes = crypto.getRandomValues(new Uint8Array(SYMBOLS));
  return spell([...bytes].map((byte) => ALPHABET[byte % 32]).join(""));
}

// As it is spelt, of a code however it was typed; "" where it cannot be one.
export function readCode(text) {
  const symbols = text
    .toUpperCase()
    .replace(/[\s.\u2010-\u2015-]/g, "")
    .replace(/[OIL]/g, (symbol) => LOOK_ALIKES[symbol]);
  const own = symbols.slice(0, SYMBOLS);
  if (symbols.length !== SYMBOLS + 1 || [...own].some((each) => !ALPHABET.includes(each))) return "";
  return checkOf(own) === symbols[SYMBOLS] ? spell(own) : "";
}
