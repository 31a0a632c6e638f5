// Makes elements; the pages are built from these, never from strings of HTML.

function setAll(element, properties) {
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "on") {
      for (const [event, listener] of Object.entries(value)) {
        element.addEventListener(event, listener);
      }
    } else {
      element.setAttribute(name, value === true ? "" : value);
    }
  }
}

export function el(tag, properties, ...children) {
  const element = document.createElement(tag);
  setAll(element, properties || {});
  element.append(...children.flat().filter((child) => child || child === 0));
  return element;
}

export function button(label, listener, kind = "main") {
  return el("button", { type: "button", class: kind, on: { click: listener } }, label);
}

export function idOf(path) {
  return "f-" + path.replace(/[^A-Za-z0-9_]+/g, "-");
}

export function uncovered(text) {
  return el("span", { class: "unseen" }, text);
}

export function paragraphs(text) {
  return text
    .split(/\n+/)
    .filter(Boolean)
    .map((line) => el("p", null, line));
}

// The built-in that does this is too young for the phones that come here.
export function refill(element, ...children) {
  while (element.firstChild) element.removeChild(element.firstChild);
  element.append(...children);
}
