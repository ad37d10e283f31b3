import { EuarError } from "euar/browser";
import type { MediaPrediction } from "euar/predict";
import { errorOf } from "./failure.js";
import type { Kind } from "./manifest.js";
import type { Answer, DecodedSample, ModelFacts, Request } from "./protocol.js";

type Task = Request extends infer Each ? (Each extends Request ? Omit<Each, "id"> : never) : never;

/** Typed functions that call the worker. */
export class Scorer {
  private readonly worker = new Worker(new URL("worker.js", document.baseURI), { type: "module" });
  private readonly waiting = new Map<number, (answer: Answer) => void>();
  private last = 0;

  constructor() {
    this.worker.addEventListener("message", ({ data }: MessageEvent<Answer>) => {
      this.waiting.get(data.id)?.(data);
      this.waiting.delete(data.id);
    });
    this.worker.addEventListener("error", ({ message }) => {
      for (const [id, settle] of this.waiting)
        settle({ id, failure: { code: "internal", message: `the worker crashed: ${message}` } });
      this.waiting.clear();
    });
  }

  /**
   * Loads a model.
   * @throws EuarError as the library does
   */
  async load(kind: Kind, weights: string): Promise<ModelFacts> {
    const answer = await this.ask({ task: "load", kind, weights });
    if ("facts" in answer) return answer.facts;
    throw unexpected();
  }

  /**
   * Predicts a sample.
   * @throws EuarError as the library does
   */
  async predict(kind: Kind, sample: DecodedSample): Promise<MediaPrediction> {
    const answer = await this.ask({ task: "predict", kind, sample });
    if ("prediction" in answer) return answer.prediction;
    throw unexpected();
  }

  private async ask(task: Task): Promise<Answer> {
    const id = ++this.last;
    const answer = await new Promise<Answer>((resolve) => {
      this.waiting.set(id, resolve);
      this.worker.postMessage({ ...task, id });
    });
    if (!("failure" in answer)) return answer;
    throw errorOf(answer.failure);
  }
}

function unexpected(): EuarError {
  return new EuarError("internal", "the worker sent an unexpected answer");
}
