/* Passkeys: makes one, or shows one, and puts the browser's answer into the form. */

const fromBase64 = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
const toBase64 = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

function decoded(options) {
  const key = { ...options.publicKey, challenge: fromBase64(options.publicKey.challenge) };
  if (key.user) key.user = { ...key.user, id: fromBase64(key.user.id) };
  for (const list of ["excludeCredentials", "allowCredentials"]) {
    if (key[list]) key[list] = key[list].map((each) => ({ ...each, id: fromBase64(each.id) }));
  }
  return { publicKey: key };
}

function encoded(credential) {
  const answer = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) answer[name] = toBase64(credential.response[name]);
  }
  return JSON.stringify({
    id: credential.id,
    rawId: toBase64(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
    response: answer,
  });
}

async function made(form) {
  const options = decoded(JSON.parse(form.dataset.options).creation_options);
  const wishes = { ...options.publicKey.authenticatorSelection, residentKey: "preferred" };
  delete wishes.requireResidentKey;
  options.publicKey.authenticatorSelection = wishes;
  return navigator.credentials.create(options);
}

async function shown(form) {
  let told = form.dataset.options && JSON.parse(form.dataset.options);
  if (!told) {
    const response = await fetch(form.action, { headers: { Accept: "application/json" } });
    told = await response.json();
  }
  return navigator.credentials.get(decoded(told.request_options));
}

async function send(form) {
  const problem = form.querySelector("[data-problem]");
  problem.hidden = true;
  try {
    const credential = await (form.dataset.passkey === "make" ? made(form) : shown(form));
    form.elements.credential.value = encoded(credential);
  } catch {
    problem.hidden = false;
    return;
  }
  form.submit();
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (!window.PublicKeyCredential) continue;
  form.hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(form);
  });
}
