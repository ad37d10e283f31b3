import { rm } from "node:fs/promises";
import { z } from "zod";
import { EuarError, ServerError } from "../../core/errors.js";
import { plainError } from "../../features/worker-thread.js";
import type { LoadedModels } from "../models/loaded-models.js";
import { whenAccepted } from "../models/when-accepted.js";
import { recordPredictions } from "../predictions/record-predictions.js";
import { answerText } from "../predictions/scoring.js";
import { QueueLoop } from "../queue-loop.js";
import type { JobRow } from "../store/rows.js";
import type { Store } from "../store/store.js";

/** Content of a job: one sample of media in its own folder. */
export const jobRequestSchema = z.object({
  model: z.string(),
  level: z.number(),
  available: z.array(z.string()).optional(),
  id: z.string().optional(),
  files: z.object({
    text: z.string().optional(),
    clip: z.string().optional(),
    audio: z.string().optional(),
    video: z.string().optional(),
    image: z.string().optional(),
    transcript: z.string().optional(),
    media: z.record(z.string(), z.string()).optional(),
  }),
  shown: z.array(z.tuple([z.string(), z.string()])),
  folder: z.string(),
});
/** Sample of a job, with the options for scoring it. */
export type JobRequest = z.infer<typeof jobRequestSchema>;

/** Parts and limits of the jobs of a server. */
export interface JobOptions {
  readonly store: Store;
  readonly models: LoadedModels;
  /** Longest clip or sound of a job, in seconds. */
  readonly jobDuration: number;
  /** Maximum duration of a job in seconds. */
  readonly jobSeconds: number;
  /** Receives each line of the log. */
  readonly log: (line: string) => void;
}

/**
 * Maximum number of starts of a job, without those that the orderly end of a server stopped. A medium that
 * crashes the server must not crash it for ever.
 */
const MOST_ATTEMPTS = 3;

/**
 * Scores stored jobs one after another. A job is stored before the client gets a response. If the server is
 * killed, the next server starts the job again.
 */
export class Jobs {
  private readonly listeners = new Map<string, Set<(job: JobRow) => void>>();
  private readonly queue: QueueLoop<JobRow>;
  private current: { readonly id: string; readonly cancel: AbortController } | undefined;

  constructor(private readonly options: JobOptions) {
    this.queue = new QueueLoop({
      take: () => this.take(),
      run: (job) => this.run(job),
      onError: (message) => {
        options.log(`jobs: ${message}`);
      },
    });
  }

  /** Continues the jobs of an earlier server. Returns their number. */
  async resume(): Promise<number> {
    const count = await this.options.store.ask("requeueJobs", undefined);
    this.queue.wake();
    return count;
  }

  /**
   * Stores a job and starts it when its turn comes.
   * @returns the job, or the earlier job with the same idempotency key
   * @throws ServerError "server.conflict" if another request used the key
   */
  async submit(job: JobRow): Promise<JobRow> {
    const stored = await this.options.store.ask("addJob", job);
    if (stored.fingerprint !== job.fingerprint)
      throw new ServerError("server.conflict", "the Idempotency-Key was used for another request", {
        hint: "Use a new key for each request.",
      });
    this.queue.wake();
    return stored;
  }

  /** Cancels a waiting or running job. Returns null if there is none. */
  async cancel(id: string): Promise<JobRow | null> {
    const job = await this.end(id, { state: "cancelled", result: null, error: null });
    if (this.current?.id === id) this.current.cancel.abort();
    else if (job?.state === "cancelled") await removeFiles(job);
    return job;
  }

  /** Calls `listener` at each change of a job. Returns a function that stops this. */
  watch(id: string, listener: (job: JobRow) => void): () => void {
    const known = this.listeners.get(id) ?? new Set();
    this.listeners.set(id, known.add(listener));
    return () => {
      known.delete(listener);
      if (known.size === 0) this.listeners.delete(id);
    };
  }

  /** Stops the running job. The next server starts it again, and this start does not count. */
  stop(): Promise<void> {
    return this.queue.stop(() => this.current?.cancel.abort());
  }

  private async take(): Promise<JobRow | null> {
    const job = await this.options.store.ask("takeJob", new Date().toISOString());
    if (job) this.tell(job);
    return job;
  }

  private async run(job: JobRow): Promise<void> {
    const cancel = new AbortController();
    this.current = { id: job.id, cancel };
    try {
      if (!(await this.isWanted(job))) return;
      const result = await this.score(job, cancel.signal);
      await this.end(job.id, { state: "done", result, error: null });
    } catch (error) {
      if (this.queue.isStopping) return;
      const { code, message, hint } = plainError(error);
      if (code === "internal") this.options.log(message);
      const text = JSON.stringify({ code, message, hint: hint ?? null });
      await this.end(job.id, { state: "failed", result: null, error: text });
    } finally {
      this.current = undefined;
      if (this.queue.isStopping) await this.release(job);
      else await removeFiles(job);
    }
  }

  /** Returns false if the server stopped, or a client cancelled the job, after it left the queue. */
  private async isWanted({ id }: JobRow): Promise<boolean> {
    if (this.queue.isStopping) return false; // the next server starts it
    const job = await this.options.store.ask("getJob", id);
    return job?.state === "running" && !this.queue.isStopping;
  }

  private async score(job: JobRow, signal: AbortSignal): Promise<string> {
    const { store, models, jobDuration, jobSeconds } = this.options;
    if (job.attempts > MOST_ATTEMPTS)
      throw new ServerError(
        "server.gave-up",
        `the server was killed or crashed ${MOST_ATTEMPTS} times during this job`,
        {
          hint: "Find the reason in the server's log, then send the media again.",
        },
      );
    const { model: name, id, files, ...how } = jobRequestSchema.parse(JSON.parse(job.request));
    const model = models.get(name);
    const request = { ...how, available: how.available, files: withoutAbsent(files), longest: jobDuration };
    const json = await whenAccepted(() => model.media.ask(request, { signal, seconds: jobSeconds }), signal);
    const [answer] = await recordPredictions(store, model, "media", [{ kind: "prediction", id, json }]);
    if (answer === undefined) throw new EuarError("internal", "a job has no answer");
    return answerText(answer, name);
  }

  /** Leaves a job that has not ended to the next server. */
  private async release({ id }: JobRow): Promise<void> {
    const job = await this.options.store.ask("releaseJob", id);
    if (job) this.tell(job);
  }

  private async end(id: string, end: Pick<JobRow, "state" | "result" | "error">): Promise<JobRow | null> {
    const job = await this.options.store.ask("endJob", { id, finished: new Date().toISOString(), ...end });
    if (job) this.tell(job);
    return job;
  }

  private tell(job: JobRow): void {
    for (const listener of this.listeners.get(job.id) ?? []) listener(job);
  }
}

/** Deletes the media of a job. */
async function removeFiles(job: JobRow): Promise<void> {
  await rm(jobRequestSchema.parse(JSON.parse(job.request)).folder, { recursive: true, force: true });
}

function withoutAbsent<Value extends object>(
  value: Value,
): { [Key in keyof Value]: Exclude<Value[Key], undefined> } {
  const entries = Object.entries(value).filter(([, entry]) => entry !== undefined);
  return Object.fromEntries(entries) as { [Key in keyof Value]: Exclude<Value[Key], undefined> };
}
