import { decodeImageInBrowser } from "euar/browser";
import { byId } from "./dom.js";
import { showError, showPrediction, showProgress } from "./result-view.js";
import type { Scorer } from "./scorer.js";

/** Starts the panel "Image + caption": a chosen or dropped file, a text, a prediction. */
export function startPostPanel(scorer: Scorer): void {
  const form = byId("post-form", HTMLFormElement);
  const file = byId("post-file", HTMLInputElement);
  const text = byId("post-text", HTMLTextAreaElement);
  const preview = byId("post-preview", HTMLImageElement);
  const drop = byId("post-drop", HTMLDivElement);
  const button = byId("post-run", HTMLButtonElement);
  const result = byId("post-result", HTMLDivElement);

  const showChosen = (): void => {
    URL.revokeObjectURL(preview.src);
    const [chosen] = file.files ?? [];
    preview.hidden = chosen === undefined;
    if (chosen) preview.src = URL.createObjectURL(chosen);
    else preview.removeAttribute("src");
  };
  file.addEventListener("change", showChosen);
  form.addEventListener("reset", () => {
    result.replaceChildren();
    queueMicrotask(showChosen); // the browser clears the form after this event
  });

  drop.addEventListener("dragover", (event) => {
    event.preventDefault();
    drop.classList.add("over");
  });
  drop.addEventListener("dragleave", () => {
    drop.classList.remove("over");
  });
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("over");
    if (!event.dataTransfer || event.dataTransfer.files.length === 0) return;
    file.files = event.dataTransfer.files;
    showChosen();
  });

  const predict = async (): Promise<void> => {
    button.disabled = true;
    showProgress(result, "Working …");
    try {
      const [chosen] = file.files ?? [];
      const image = chosen && (await decodeImageInBrowser(chosen, {}, chosen.name));
      const caption = text.value.trim();
      showPrediction(
        result,
        await scorer.predict("post", { ...(caption !== "" && { text: caption }), ...(image && { image }) }),
      );
    } catch (error) {
      showError(result, error);
    } finally {
      button.disabled = false;
    }
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void predict();
  });
  button.disabled = false;
}
