import { ClipPanel } from "./clip-panel.js";
import { byId, element } from "./dom.js";
import { type Kind, type Manifest, readManifest } from "./manifest.js";
import { startPostPanel } from "./post-panel.js";
import type { ModelFacts } from "./protocol.js";
import { showError } from "./result-view.js";
import { Scorer } from "./scorer.js";
import { startTabs } from "./tabs.js";
import { startTunePanel } from "./tune-panel.js";

const state = byId("state", HTMLParagraphElement);
const scorer = new Scorer();
let clips: ClipPanel | undefined;

startTabs(
  ["tab-post", "tab-clip", "tab-tune"].map((id) => byId(id, HTMLButtonElement)),
  (tab) => {
    if (tab.id !== "tab-clip") clips?.close();
  },
);
startTunePanel();
await start();

async function start(): Promise<void> {
  const manifest = await readManifest();
  const posts = await load("post", manifest);
  if (posts) startPostPanel(scorer);
  const facts = await load("clip", manifest);
  if (facts) clips = new ClipPanel(scorer, facts);
  state.textContent =
    posts || facts
      ? "Ready. From now on the page contacts no server; it works without a network."
      : "No model could be loaded: the tabs say why.";
  document.body.dataset["ready"] = "yes";
}

/** Loads a model and its adapters. Its panel describes the model, or the reason why it is missing. */
async function load(kind: Kind, manifest: Manifest): Promise<ModelFacts | undefined> {
  const note = byId(`${kind}-model`, HTMLParagraphElement);
  const entry = manifest[kind];
  if (!entry) {
    note.textContent = `There is no model for this: ${manifest.unavailable[kind] ?? "none was given"}.`;
    return undefined;
  }
  const inputs = kind === "post" ? "images and captions" : "camera and microphone";
  state.textContent = `Loading the model for ${inputs} …`;
  try {
    const facts = await scorer.load(kind, entry.weights);
    const modalities = facts.modalities.map((name) => (name === "vision" ? "video" : name));
    const reads = `It reads ${modalities.join(", ")}.`;
    if (entry.toy)
      note.replaceChildren(
        element("span", { className: "toy" }, "Toy model: "),
        "trained on a few dozen made-up samples to show how the page works. Its predictions have no " +
          `meaning. ${reads}`,
      );
    else note.textContent = `Model: ${entry.name}. ${reads}`;
    return facts;
  } catch (error) {
    showError(byId(`${kind}-result`, HTMLDivElement), error);
    return undefined;
  }
}
