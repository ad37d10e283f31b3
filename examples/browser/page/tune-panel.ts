import { Curve } from "./curve.js";
import { byId } from "./dom.js";
import { errorOf } from "./failure.js";
import { showError } from "./result-view.js";
import type { Sentence, TuneMessage, TuneRequest } from "./tune-protocol.js";

/** Reads lines of a label, white space and a text. Lines without a label are left out. */
function sentencesOf(lines: string): Sentence[] {
  return lines.split("\n").flatMap((line) => {
    const [, label, text] = /^\s*(-?\d+(?:\.\d+)?)[\s,;]+(\S.*?)\s*$/.exec(line) ?? [];
    return label === undefined || text === undefined ? [] : [{ label: Number(label), text }];
  });
}

/** Starts the panel "Fine-tune": an encoder's folder, labelled sentences, a curve, and a sentence to try. */
export function startTunePanel(): void {
  const form = byId("tune-form", HTMLFormElement);
  const folder = byId("tune-encoder", HTMLInputElement);
  const lines = byId("tune-sentences", HTMLTextAreaElement);
  const epochs = byId("tune-epochs", HTMLInputElement);
  const layers = byId("tune-layers", HTMLInputElement);
  const run = byId("tune-run", HTMLButtonElement);
  const stop = byId("tune-stop", HTMLButtonElement);
  const state = byId("tune-state", HTMLParagraphElement);
  const result = byId("tune-result", HTMLDivElement);
  const text = byId("tune-text", HTMLInputElement);
  const score = byId("tune-score", HTMLOutputElement);
  const figure = document.getElementById("tune-curve");
  if (!(figure instanceof SVGSVGElement)) throw new Error("index.html has no curve");
  const curve = new Curve(figure);
  const worker = new Worker(new URL("tune-worker.js", document.baseURI), { type: "module" });
  const ask = (request: TuneRequest): void => {
    worker.postMessage(request);
  };
  const working = (is: boolean): void => {
    run.disabled = is;
    stop.disabled = !is;
  };

  const react = (message: TuneMessage): void => {
    if (message.kind === "start") {
      curve.clear(message.epochs);
      state.textContent = `Training ${message.parameters.toLocaleString("en")} values …`;
    } else if (message.kind === "train") {
      curve.add("train", message.point);
      const left = Number.isFinite(message.secondsLeft) ? Math.ceil(message.secondsLeft) : undefined;
      const remaining = left === undefined ? "" : `, about ${left} s left`;
      const { at, loss } = message.point;
      state.textContent = `Epoch ${at.toFixed(1)}, loss ${loss.toFixed(3)}${remaining}`;
    } else if (message.kind === "valid") curve.add("valid", message.point);
    else if (message.kind === "prediction") score.textContent = message.value.toFixed(2);
    else if (message.kind === "done") {
      working(false);
      text.disabled = false;
      const error = message.metrics["MAE"];
      const shown = typeof error === "number" ? error.toFixed(2) : "unknown";
      state.textContent =
        `Done. Best epoch ${message.bestEpoch}; ` + `mean absolute error on held-out sentences ${shown}.`;
    } else {
      working(false);
      state.textContent = "";
      showError(result, errorOf(message.failure));
    }
  };
  worker.addEventListener("message", ({ data }: MessageEvent<TuneMessage>) => {
    react(data);
  });
  worker.addEventListener("error", ({ message }) => {
    react({ kind: "failure", failure: { code: "internal", message: `the worker crashed: ${message}` } });
  });

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    result.replaceChildren();
    const files = [...(folder.files ?? [])];
    const sentences = sentencesOf(lines.value);
    if (files.length === 0 || sentences.length < 20) {
      const missing = files.length === 0 ? "the encoder's folder" : "at least 20 labelled sentences";
      state.textContent = `Give ${missing}.`;
      return;
    }
    working(true);
    text.disabled = true;
    state.textContent = "Reading the encoder …";
    const name = files[0]?.webkitRelativePath.split("/")[0] ?? "encoder";
    ask({
      task: "train",
      name,
      // a subfolder may have files with the same names
      files: new Map(files.map((file) => [file.webkitRelativePath.split("/").slice(1).join("/"), file])),
      sentences,
      epochs: epochs.valueAsNumber,
      ...(layers.value !== "" && { layers: layers.valueAsNumber }),
    });
  });
  stop.addEventListener("click", () => {
    ask({ task: "stop" });
  });
  text.addEventListener("change", () => {
    if (text.value.trim() !== "") ask({ task: "predict", text: text.value });
  });
  run.disabled = false;
}
