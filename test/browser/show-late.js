// Runs in a page. Delays the display of each video frame, and its event, as on a busy machine.
const MILLISECONDS = 100;

/** Picture that each element shows: the last presented one whose delay is over. */
const shown = new WeakMap();
/** Callbacks of each element that wait for its next frame, by number. */
const listeners = new WeakMap();
let requests = 0;

const { requestVideoFrameCallback } = HTMLVideoElement.prototype;
const { drawImage } = OffscreenCanvasRenderingContext2D.prototype;
const createElement = document.createElement.bind(document);

function follow(element) {
  requestVideoFrameCallback.call(element, (now, metadata) => {
    follow(element);
    const picture = createImageBitmap(element);
    setTimeout(async () => {
      shown.set(element, await picture);
      const waiting = listeners.get(element) ?? new Map();
      listeners.delete(element);
      for (const listener of waiting.values()) listener(now, metadata);
    }, MILLISECONDS);
  });
}

document.createElement = (name) => {
  const element = createElement(name);
  if (name === "video") follow(element);
  return element;
};

HTMLVideoElement.prototype.requestVideoFrameCallback = function (listener) {
  listeners.set(this, (listeners.get(this) ?? new Map()).set(++requests, listener));
  return requests;
};

HTMLVideoElement.prototype.cancelVideoFrameCallback = function (request) {
  listeners.get(this)?.delete(request);
};

OffscreenCanvasRenderingContext2D.prototype.drawImage = function (source, ...place) {
  drawImage.call(this, shown.get(source) ?? source, ...place);
};
