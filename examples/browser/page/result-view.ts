import type { MediaModalityPrediction, MediaPrediction } from "euar/predict";
import { EuarError } from "euar/browser";
import { byId, element } from "./dom.js";

const names: Readonly<Record<string, string>> = { vision: "video" };

/** Shows a prediction, the unreliable inputs with the reasons, and each input's share. */
export function showPrediction(place: HTMLElement, result: MediaPrediction): void {
  const verdict = element(
    "p",
    { className: result.doubted.length > 0 ? "verdict doubted" : "verdict" },
    result.verdict,
  );
  place.replaceChildren(
    element("h2", {}, headline(result)),
    element("p", { className: "range" }, range(result)),
    verdict,
    table(result),
    numbers(result),
  );
  announce(result.verdict);
}

/** Shows the current step. */
export function showProgress(place: HTMLElement, what: string): void {
  place.replaceChildren(element("p", { className: "range" }, what));
  announce(what);
}

/** Announces a result to screen readers: only the sentences of a prediction, not the whole table. */
function announce(what: string): void {
  byId("announcer", HTMLParagraphElement).textContent = what;
}

/** Shows an error and its remedy. */
export function showError(place: HTMLElement, error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  const hint = error instanceof EuarError && error.hint !== undefined ? ` ${error.hint}` : "";
  const code = error instanceof EuarError ? ` (${error.code})` : "";
  const shown = element(
    "p",
    { className: "error" },
    element("strong", {}, "That did not work: "),
    `${message.replace(/\.$/u, "")}.${hint}${code}`,
  );
  shown.setAttribute("role", "alert");
  place.replaceChildren(shown);
}

function headline(result: MediaPrediction): string {
  if (result.labels) return result.prediction.join(", ") || "no label";
  const { prediction } = result;
  if (typeof prediction === "number") return prediction.toFixed(2);
  if (typeof prediction === "string") return prediction;
  return Object.entries(prediction)
    .map(([name, value]) => `${name} ${value.toFixed(2)}`)
    .join(", ");
}

function range({ classes, classSet, interval, level }: MediaPrediction): string {
  if (classes) {
    const shares = Object.entries(classes)
      .sort(([, a], [, b]) => b - a)
      .map(([name, share]) => `${name} ${percent(share)}`);
    if (level === null || !classSet) return shares.join(", ");
    return `${shares.join(", ")}; ${percent(level)} of such answers lie in {${classSet.join(", ")}}`;
  }
  if (
    level !== null &&
    interval &&
    typeof interval["low"] === "number" &&
    typeof interval["high"] === "number"
  ) {
    return `${percent(level)} interval: ${interval["low"].toFixed(2)} to ${interval["high"].toFixed(2)}`;
  }
  return "No interval: the model was validated on too few samples.";
}

function table({ modalities, doubted }: MediaPrediction): HTMLElement {
  const heads = ["Input", "Used", "Share of the prediction", "Uncertainty", "Quality", "What was found"];
  const head = element(
    "thead",
    {},
    element("tr", {}, ...heads.map((text) => element("th", { scope: "col" }, text))),
  );
  const rows = Object.entries(modalities).map(([name, modality]) => {
    const reasons =
      doubted.find((doubt) => doubt.modality === name)?.reasons.map(({ message }) => message) ?? [];
    return row(names[name] ?? name, modality, reasons);
  });
  const made = element(
    "table",
    {},
    element("caption", {}, "What each input did"),
    head,
    element("tbody", {}, ...rows),
  );
  const wide = element("div", { className: "wide" }, made);
  // it scrolls where the page is narrow
  Object.assign(wide, { role: "region", ariaLabel: "What each input did", tabIndex: 0 });
  return wide;
}

function row(name: string, modality: MediaModalityPrediction, doubts: readonly string[]): HTMLElement {
  const { present, given, contribution, uncertainty, percentile, quality } = modality;
  const found = [...new Set([...doubts, ...(quality?.problems.map(({ message }) => message) ?? [])])];
  const rank = percentile === null ? "" : ` (higher than ${percent(percentile)} of validation)`;
  return element(
    "tr",
    {},
    element("th", { scope: "row" }, name),
    element("td", {}, present ? "yes" : given ? "left out" : "not given"),
    element("td", {}, ...share(contribution)),
    element("td", {}, uncertainty === null ? "–" : `${uncertainty.toPrecision(3)}${rank}`),
    element("td", {}, quality ? percent(quality.score) : "–"),
    element(
      "td",
      {},
      found.length === 0
        ? given
          ? "nothing wrong"
          : "–"
        : element("ul", {}, ...found.map((text) => element("li", {}, text))),
    ),
  );
}

function share(contribution: number | null): (Node | string)[] {
  if (contribution === null) return ["–"];
  const filled = element("span");
  filled.style.width = `${100 * contribution}%`;
  const bar = element("div", { className: "bar" }, filled);
  bar.setAttribute("aria-hidden", "true");
  return [percent(contribution), bar];
}

function numbers(result: MediaPrediction): HTMLElement {
  return element(
    "details",
    {},
    element(
      "summary",
      {},
      `All numbers (features ${result.seconds.features.toFixed(2)} s, ` +
        `model ${result.seconds.model.toFixed(3)} s)`,
    ),
    element("pre", {}, JSON.stringify(result, null, 2)),
  );
}

function percent(value: number): string {
  return `${(100 * value).toFixed(0)}%`;
}
