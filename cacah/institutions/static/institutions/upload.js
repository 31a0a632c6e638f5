/* Sends a roster with a progress bar, and watches how far reading and storing have come. Without it the form works too. */

const POLL = 700;

function show(form, text) {
  form.querySelector("[data-going]").hidden = false;
  form.querySelector("[data-said]").textContent = text;
}

function fail(form, text) {
  const problem = form.querySelector("[data-problem]");
  problem.textContent = text;
  problem.hidden = false;
  form.querySelector("[data-going]").hidden = true;
  form.querySelector("[data-send]").disabled = false;
}

function fill(bar, percent) {
  if (typeof percent === "number") {
    bar.value = percent;
  } else {
    bar.removeAttribute("value");
  }
}

async function progressOf(address) {
  try {
    const response = await fetch(address, { headers: { Accept: "application/json" } });
    return response.ok ? await response.json() : null;
  } catch {
    return null;
  }
}

function watchWhileSending(form, request) {
  const timer = setInterval(async () => {
    if (request.readyState === XMLHttpRequest.DONE) {
      clearInterval(timer);
      return;
    }
    const progress = await progressOf(form.dataset.progress);
    if (progress?.rows) {
      fill(form.querySelector("[data-bar]"), progress.percent);
      show(form, progress.text);
    }
  }, POLL);
}

function send(form) {
  const file = form.querySelector("[type=file]").files[0];
  form.querySelector("[data-problem]").hidden = true;
  if (file && file.size > Number(form.dataset.most)) {
    fail(form, form.dataset.tooLarge);
    return;
  }
  const request = new XMLHttpRequest();
  request.open("POST", form.action);
  request.upload.addEventListener("progress", (event) => {
    form.querySelector("[data-bar]").value = (100 * event.loaded) / event.total;
  });
  request.addEventListener("load", () => {
    if (request.responseURL && request.responseURL !== form.action) {
      location.assign(request.responseURL);
    } else {
      const page = new DOMParser().parseFromString(request.responseText, "text/html");
      fail(form, page.querySelector(".notice.wrong")?.textContent ?? form.dataset.failed);
    }
  });
  request.addEventListener("error", () => fail(form, form.dataset.failed));
  form.querySelector("[data-cancel]").onclick = () => {
    request.abort();
    location.reload();
  };
  form.querySelector("[data-send]").disabled = true;
  show(form, form.dataset.sending);
  request.send(new FormData(form));
  watchWhileSending(form, request);
}

function watch(place) {
  const timer = setInterval(async () => {
    const progress = await progressOf(place.dataset.watch);
    if (!progress) {
      return;
    }
    place.querySelector("[data-said]").textContent = progress.text;
    fill(place.querySelector("progress"), progress.percent);
    if (progress.done) {
      clearInterval(timer);
      location.reload();
    }
  }, POLL);
}

for (const form of document.querySelectorAll("form[data-upload]")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(form);
  });
}
for (const place of document.querySelectorAll("[data-watch]")) {
  watch(place);
}
for (const form of document.querySelectorAll("form[data-take]")) {
  form.addEventListener("submit", () => {
    form.querySelector("button:not([type])").disabled = true;
    show(form, form.dataset.storing);
  });
}
