/**
 * Reads the QR code of a receipt by camera or from a picture.
 *
 * `data-scan` holds the camera, `data-receipt` is the field: it gets what the code says, and an
 * event `scanned`. A browser without a BarcodeDetector gets one when somebody wants to scan.
 */

const field = document.querySelector("[data-receipt]");
const scan = document.querySelector("[data-scan]");
const QR = { formats: ["qr_code"] };

if (field && scan) offer();

async function makeDetector() {
  const { BarcodeDetector: own } = globalThis;
  if (own && (await own.getSupportedFormats()).includes("qr_code")) return new own(QR);
  const { BarcodeDetector } = await import("./vendor/qr/decode.js");
  return new BarcodeDetector(QR);
}

function offer() {
  const video = scan.querySelector("video");
  const camera = scan.querySelector("[data-camera]");
  const picture = scan.querySelector("[data-picture]");
  const said = scan.querySelector("[data-said]");
  let making = null;
  let stream = null;

  scan.hidden = false;
  camera.hidden = !navigator.mediaDevices?.getUserMedia;
  camera.addEventListener("click", () => (stream ? stop() : start()));
  picture.addEventListener("change", async () => {
    const [file] = picture.files;
    if (!file) return;
    const codes = await codesOf(createImageBitmap(file));
    // The same picture may be chosen once more.
    picture.value = "";
    if (codes.length) take(codes[0].rawValue);
    else said.textContent = said.dataset.none;
  });
  addEventListener("pagehide", stop);

  /** What stands in a picture, or in a promise of one; nothing where it cannot be read. */
  async function codesOf(image) {
    making ??= makeDetector();
    try {
      return await (await making).detect(await image);
    } catch {
      // Not a picture, a frame that is not there yet, or no network for the detector.
      making = null;
      return [];
    }
  }

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
    const codes = await codesOf(video);
    if (!stream) return;
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
    field.dispatchEvent(new CustomEvent("scanned", { bubbles: true }));
  }
}
