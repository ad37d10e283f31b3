import { ServerError } from "../../core/errors.js";
import { Batcher } from "./batcher.js";
import type { MediaRequest, Scorer } from "./scorer.js";

/** Limits of raw media. */
export interface MediaLimits {
  /** Largest number of waiting and running samples of media, per model. */
  readonly mediaQueue: number;
  /** Maximum duration of scoring one sample, in seconds. */
  readonly maxSeconds: number;
}

interface Entry {
  readonly request: MediaRequest;
  readonly signal: AbortSignal | undefined;
  readonly seconds: number;
}
type Outcome = { readonly json: string } | { readonly error: unknown };

/** Scores samples of raw media one after another. */
export class MediaQueue {
  private readonly batcher: Batcher<Entry, Outcome>;

  constructor(
    scorer: Scorer,
    private readonly limits: MediaLimits,
  ) {
    const score = async ({ request, signal, seconds }: Entry): Promise<Outcome> => {
      const timeout = AbortSignal.timeout(seconds * 1000);
      try {
        return {
          json: await scorer.scoreMedia(request, signal ? AbortSignal.any([signal, timeout]) : timeout),
        };
      } catch (error) {
        return { error: timeout.aborted ? tookTooLong(seconds) : error };
      }
    };
    this.batcher = new Batcher(async ([entry]) => (entry ? [await score(entry)] : []), {
      batchWindow: 0,
      batchSize: 1,
      queueSize: limits.mediaQueue,
    });
  }

  /** Number of waiting and running samples. */
  get load(): number {
    return this.batcher.load;
  }

  /**
   * Scores a sample when its turn comes.
   * @param how signal: aborted if the client disconnects; seconds: maximum duration instead of the default
   * @returns the prediction as JSON text
   * @throws ServerError "server.overloaded" or "server.timeout"; as {@link Scorer.scoreMedia}
   */
  async ask(
    request: MediaRequest,
    how: { readonly signal?: AbortSignal; readonly seconds?: number } = {},
  ): Promise<string> {
    const outcome = await this.batcher.ask({
      request,
      signal: how.signal,
      seconds: how.seconds ?? this.limits.maxSeconds,
    });
    if ("json" in outcome) return outcome.json;
    throw outcome.error;
  }

  /** Waits until all samples are finished. */
  drained(): Promise<void> {
    return this.batcher.drained();
  }
}

function tookTooLong(seconds: number): ServerError {
  return new ServerError("server.timeout", `the sample was not scored within ${seconds} s`, {
    hint: "Send a shorter clip, or start the server with a larger --max-seconds.",
  });
}
