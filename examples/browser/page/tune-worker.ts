// Fine-tunes a text encoder on a few sentences, so that the page stays responsive while it works.
import { EuarError, fetchAssets } from "euar/browser";
import type { Dataset, Split } from "euar/data";
import type { Predictor } from "euar/predict";
import { MemoryEncoder, train, type TrainEvent } from "euar/train";
import { config } from "zod";
import { failureOf } from "./failure.js";
import type { Sentence, TuneMessage, TuneRequest } from "./tune-protocol.js";

config({ jitless: true }); // zod would compile its checks, which the page's security policy forbids

let stopping = new AbortController();
let tuned: { readonly memory: MemoryEncoder; readonly model: Predictor } | undefined;

addEventListener("message", ({ data }: MessageEvent<TuneRequest>) => {
  answer(data).catch((error: unknown) => {
    say({ kind: "failure", failure: failureOf(error) });
  });
});

function say(message: TuneMessage): void {
  postMessage(message);
}

async function answer(request: TuneRequest): Promise<void> {
  if (request.task === "stop") stopping.abort();
  else if (request.task === "predict") say({ kind: "prediction", value: await predict(request.text) });
  else await tune(request);
}

async function tune({
  name,
  files,
  sentences,
  epochs,
  layers,
}: TuneRequest & { task: "train" }): Promise<void> {
  stopping = new AbortController();
  const contents = new Map<string, Uint8Array>();
  for (const [file, blob] of files) contents.set(file, new Uint8Array(await blob.arrayBuffer()));
  const options = { textMaxTokens: 64, ...(layers !== undefined && { textTrain: layers }) };
  const memory = await MemoryEncoder.open(name, contents, options, fetchAssets("assets"));
  const data = await memory.tokenise(datasetOf(sentences));
  const { model, bestEpoch, metrics } = await train(
    {
      model: { name: "linear", config: { taskLoss: "l1" } },
      train: { epochs, batchSize: 16, optimiser: "adamw", learningRate: 1e-3, patience: 0 },
      encoder: memory.encoder,
    },
    data,
    { onEvent: follow, signal: stopping.signal },
  );
  tuned?.memory.close();
  tuned = { memory, model };
  say({ kind: "done", bestEpoch, metrics: metrics.test });
}

function follow(event: TrainEvent): void {
  if (event.kind === "start") say({ kind: "start", epochs: event.epochs, parameters: event.parameters });
  if (event.kind === "step") {
    const at = event.epoch - 1 + event.step / event.stepsPerEpoch;
    say({ kind: "train", point: { at, loss: event.loss }, secondsLeft: event.secondsLeft });
  }
  if (event.kind === "epoch") {
    const { epoch, valid } = event.record;
    say({ kind: "valid", point: { at: epoch, loss: valid["loss"] ?? NaN } });
  }
}

async function predict(text: string): Promise<number> {
  if (!tuned) throw new EuarError("internal", "nothing has been trained yet");
  const { prediction } = tuned.model.predict({ text: await tuned.memory.tokens(text) });
  return typeof prediction === "number" ? prediction : NaN;
}

/** Splits the sentences: of every five, three are for training, one for validation and one for testing. */
function datasetOf(sentences: readonly Sentence[]): Dataset {
  const part = (name: Split["name"], places: readonly number[]): Split => {
    const own = sentences.filter((_, i) => places.includes(i % 5));
    return {
      name,
      size: own.length,
      ids: own.map((_, i) => `${name}-${i}`),
      texts: own.map(({ text }) => text),
      labels: Float32Array.from(own, ({ label }) => label),
      modalities: {},
    };
  };
  return {
    name: "sentences",
    task: { kind: "regression", targets: ["sentiment"], range: [-3, 3] },
    modalities: [],
    splits: {
      train: part("train", [0, 1, 3]),
      valid: part("valid", [2]),
      test: part("test", [4]),
    },
    notes: [],
  };
}
