// Runs in a page: makes its video elements show, and say that they show, each frame only a while after it is
// there, as on a machine that is busy.
const MILLISECONDS = 100;

/** What each element shows: the picture that was presented last and whose while is over. */
const shown = new WeakMap();
/** Of each element, those who wait for its next frame, by number. */
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
