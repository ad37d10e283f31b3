import { EuarError } from "euar/browser";
import type { Scoring } from "./scoring.js";
import type { Answer, Failure, Results, Task } from "./protocol.js";

/** Typed calls of the worker that holds the model. */
export class ScoreWorker implements Scoring {
  readonly place = "page";
  private readonly worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
  private readonly waiting = new Map<number, (answer: Answer) => void>();
  private last = 0;

  constructor() {
    this.worker.addEventListener("message", ({ data }: MessageEvent<Answer>) => {
      this.waiting.get(data.id)?.(data);
      this.waiting.delete(data.id);
    });
    this.worker.addEventListener("error", ({ message }) => {
      this.settleAll({ code: "internal", message: `the worker crashed: ${message}` });
    });
  }

  /**
   * Performs a task in the worker. Tasks are performed one after the other.
   * @throws EuarError of the library
   */
  async ask<Name extends Task["task"]>(task: Extract<Task, { task: Name }>): Promise<Results[Name]> {
    const id = ++this.last;
    const answer = await new Promise<Answer>((resolve) => {
      this.waiting.set(id, resolve);
      this.worker.postMessage({ ...task, id });
    });
    // the worker sends the result of each task
    if ("value" in answer) return answer.value as Results[Name];
    const { code, message, hint } = answer.failure;
    throw new EuarError(code, message, hint === undefined ? {} : { hint });
  }

  /** Ends the worker. Its unfinished tasks fail with "io.interrupted". */
  close(): void {
    this.worker.terminate();
    this.settleAll({ code: "io.interrupted", message: "the model was closed" });
  }

  private settleAll(failure: Failure): void {
    for (const [id, settle] of this.waiting) settle({ id, failure });
    this.waiting.clear();
  }
}
