import { mkdir, open, readFile, rename, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { causeText } from "../../core/cause-text.js";
import { EuarError, MediaError } from "../../core/errors.js";
import { writeError, writeFile } from "../../data/files/write-file.js";

/** Pauses before another attempt, in milliseconds. */
const PAUSES = [500, 2000] as const;
/** A connection without data for this long is dropped. */
const STALL_MILLISECONDS = 60_000;

export interface Download {
  readonly url: string;
  /** Path of the downloaded file. It appears only when complete. */
  readonly path: string;
  /** Largest size in bytes. */
  readonly limit: number;
  /** Name of the file in messages. */
  readonly name: string;
  /** Keep the part of an unfinished file, and continue with it the next time. */
  readonly resumable?: boolean;
  readonly signal?: AbortSignal;
  /**
   * Called after each piece.
   * @param received number of bytes so far
   * @param total size of the file; NaN if the server does not state it
   */
  readonly onProgress?: (received: number, total: number) => void;
  /** Replaces the pauses in tests. */
  readonly pause?: (milliseconds: number) => Promise<unknown>;
}

/** Version of a partial file, as the server names it. The rest can be requested only of the same version. */
interface Validator {
  etag: string | undefined;
}

/** Final answer of the server: another attempt would not change it. */
class Refused extends Error {}

/**
 * Downloads a file. Continues after a broken connection, at most twice. The file appears under its name when
 * it is complete.
 * @returns false if the server has no such file
 * @throws MediaError "media.not-found" if it cannot be downloaded, "media.too-large" above the limit
 * @throws EuarError "io.write" if it cannot be stored
 */
export async function download(job: Download): Promise<boolean> {
  const own = `${process.pid}-${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 8)}`;
  const partial = job.resumable === true ? `${job.path}.part` : `${job.path}.${own}.part`;
  try {
    await mkdir(dirname(job.path), { recursive: true }).catch(throwWriteError(job.path));
    const found = await fetchWithRetries(partial, job);
    if (found) await rename(partial, job.path).catch(throwWriteError(job.path));
    else await rm(partial, { force: true });
    if (job.resumable === true) await rm(etagFile(partial), { force: true });
    return found;
  } catch (cause) {
    if (cause instanceof EuarError) throw cause;
    throw unreachable(job, cause);
  } finally {
    if (job.resumable !== true) await rm(partial, { force: true });
  }
}

/** Returns the file that holds the etag of the partial file, for the next process. */
function etagFile(partial: string): string {
  return `${partial}.etag`;
}

async function fetchWithRetries(partial: string, job: Download): Promise<boolean> {
  const known = job.resumable === true ? await readFile(etagFile(partial), "utf8").catch(() => "") : "";
  const validator: Validator = { etag: known === "" ? undefined : known };
  for (let attempt = 0; ; attempt++) {
    try {
      return await fetchInto(partial, job, validator);
    } catch (error) {
      const pause = PAUSES[attempt];
      const isFinal = error instanceof Refused || error instanceof EuarError || job.signal?.aborted === true;
      if (isFinal || pause === undefined) throw error;
      await (job.pause ?? sleep)(pause);
    }
  }
}

/** @returns false if the server has no such file */
async function fetchInto(partial: string, job: Download, validator: Validator): Promise<boolean> {
  const stalled = new AbortController();
  const timer = setTimeout(() => {
    stalled.abort(new Error(`no data for ${STALL_MILLISECONDS / 1000} seconds`));
  }, STALL_MILLISECONDS);
  try {
    const have = await sizeOf(partial);
    const headers =
      have > 0 && validator.etag !== undefined
        ? { Range: `bytes=${have}-`, "If-Range": validator.etag }
        : undefined;
    const signal = job.signal ? AbortSignal.any([stalled.signal, job.signal]) : stalled.signal;
    const answer = await fetch(job.url, { signal, ...(headers && { headers }) });
    if (answer.status === 404) {
      await answer.body?.cancel();
      return false;
    }
    // the partial file is already complete, or longer than the server's
    if (answer.status === 416) await rm(partial, { force: true });
    if (!answer.ok) throw await refusal(answer);
    validator.etag = answer.headers.get("etag") ?? undefined;
    if (job.resumable === true) await rememberEtag(partial, validator.etag);
    await receive(answer, partial, job, () => timer.refresh());
    return true;
  } finally {
    clearTimeout(timer);
  }
}

async function rememberEtag(partial: string, etag: string | undefined): Promise<void> {
  if (etag === undefined) await rm(etagFile(partial), { force: true });
  else writeFile(etagFile(partial), etag);
}

async function refusal(answer: Response): Promise<Error> {
  await answer.body?.cancel();
  const reason = `the server answered ${answer.status} ${answer.statusText}`.trim();
  return answer.status >= 500 || [408, 416, 429].includes(answer.status)
    ? new Error(reason)
    : new Refused(reason);
}

/** Appends the body to the partial file (status 206), or writes it from the start. */
async function receive(
  answer: Response,
  path: string,
  { limit, name, onProgress }: Download,
  onPiece: () => void,
): Promise<void> {
  const before = answer.status === 206 ? await sizeOf(path) : 0;
  const announced = answer.headers.has("content-encoding")
    ? NaN
    : Number(answer.headers.get("content-length") ?? NaN);
  if (!answer.body) throw new Error("the server sent nothing");
  const reader = answer.body.getReader();
  const file = await open(path, before > 0 ? "a" : "w").catch(throwWriteError(path));
  let size = before;
  try {
    if (before + announced > limit) throw tooLarge(name, limit);
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      onPiece();
      size += next.value.length;
      if (size > limit) throw tooLarge(name, limit);
      await file.writeFile(next.value).catch(throwWriteError(path));
      onProgress?.(size, before + announced);
    }
    await file.sync().catch(throwWriteError(path));
  } finally {
    await reader.cancel().catch(() => undefined);
    await file.close();
  }
  if (size - before !== announced && !Number.isNaN(announced))
    throw new Error(`the connection broke after ${size - before} of ${announced} bytes`);
}

function throwWriteError(path: string): (cause: unknown) => never {
  return (cause) => {
    throw writeError(path, cause);
  };
}

async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}

function tooLarge(name: string, limit: number): MediaError {
  return new MediaError("media.too-large", `${name} is larger than the limit of ${limit} bytes`, {
    hint: "Use a smaller model, or one with 8-bit or 16-bit weights.",
  });
}

function unreachable({ url, name }: Download, cause: unknown): MediaError {
  const error =
    cause instanceof Error && cause.cause instanceof Error && cause.message === "fetch failed"
      ? cause.cause
      : cause;
  const reason = causeText(error);
  return new MediaError(
    "media.not-found",
    `${name} cannot be downloaded from ${new URL(url).origin}: ${reason}`,
    {
      hint:
        "Without a network, copy the model's files (tokenizer.json, config.json, onnx/model.onnx) into a " +
        "folder and give folder=PATH instead of hub=NAME.",
      cause,
    },
  );
}

/** Reads an earlier download; undefined without one. */
export async function readDownloaded(path: string): Promise<Uint8Array | undefined> {
  return readFile(path).catch(() => undefined);
}
