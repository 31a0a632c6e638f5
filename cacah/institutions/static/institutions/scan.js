/* Reads the QR code of a receipt by camera or from a picture, where the browser knows how. */

const field = document.querySelector("[data-receipt]");
const scan = document.querySelector("[data-scan]");

if (field && scan && "BarcodeDetector" in globalThis) {
  const formats = await globalThis.BarcodeDetector.getSupportedFormats();
  if (formats.includes("qr_code")) offer(new globalThis.BarcodeDetector({ formats: ["qr_code"] }));
}

function offer(detector) {
  const video = scan.querySelector("video");
  const camera = scan.querySelector("[data-camera]");
  const picture = scan.querySelector("[data-picture]");
  const said = scan.querySelector("[data-said]");
  let stream = null;

  scan.hidden = false;
  camera.hidden = !navigator.mediaDevices?.getUserMedia;
  camera.addEventListener("click", () => (stream ? stop() : start()));
  picture.addEventListener("change", async () => {
    const [file] = picture.files;
    if (!file) return;
    try {
      const [code] = await detector.detect(await createImageBitmap(file));
      if (code) take(code.rawValue);
      else said.textContent = said.dataset.none;
    } catch {
      said.textContent = said.dataset.none;
    }
  });
  addEventListener("pagehide", stop);

  async function start() {
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    } catch {
      said.textContent = said.dataset.refused;
      return;
    }
    video.srcObject = stream;
    video.hidden = false;
    await video.play();
    look();
  }

  async function look() {
    if (!stream) return;
    let codes = [];
    try {
      codes = await detector.detect(video);
    } catch {
      // A frame that is not there yet: the next one will be.
    }
    if (codes.length) take(codes[0].rawValue);
    else setTimeout(look, 200);
  }

  function stop() {
    for (const track of stream?.getTracks() ?? []) track.stop();
    stream = null;
    video.srcObject = null;
    video.hidden = true;
  }

  function take(value) {
    stop();
    field.value = value;
    said.textContent = said.dataset.found;
    field.focus();
  }
}
