import { spawn, type ChildProcess } from "node:child_process";
import { MediaError } from "../../core/errors.js";

/** Exit of a program. */
export interface ToolEnd {
  readonly exitCode: number;
  /** Last lines of its error output, without control characters. */
  readonly messages: readonly string[];
}

export interface ToolOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called once if the program ended by itself. */
  readonly onEnd?: (end: ToolEnd) => void;
  /** Purpose and hint in the error for a missing program. Default: those of FFmpeg. */
  readonly missing?: { readonly purpose: string; readonly hint: string };
  /** Longest wait for the next output, in milliseconds, while the reader waits. Default two minutes. */
  readonly stallMs?: number;
}

const keptErrorBytes = 4096;
/**
 * FFmpeg yields many frames or blocks of sound per second. An input that takes longer than this is probably
 * hostile.
 */
const defaultStallMs = 120_000;

/**
 * Yields the standard output of a program in chunks. Reads only as fast as the consumer, so a long output
 * needs no memory. The program gets no standard input and no shell. It is killed if the reader stops early,
 * `signal` aborts, or it stalls.
 * @throws MediaError "media.missing-tool" without such a program, "media.too-large" after `stallMs` without
 * output
 * @throws the signal's reason when aborted
 */
export async function* readTool(
  command: string,
  args: readonly string[],
  options: ToolOptions = {},
): AsyncGenerator<Buffer, void, undefined> {
  const { signal, onEnd, stallMs = defaultStallMs, missing } = options;
  signal?.throwIfAborted();
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], windowsHide: true });
  const end = endOf(
    child,
    command,
    missing ?? { purpose: "reading sound and video", hint: installFfmpegHint() },
  );
  const kill = (): void => {
    child.kill("SIGKILL");
  };
  signal?.addEventListener("abort", kill, { once: true });
  const watch = new StallWatch(stallMs, kill);
  watch.start();
  try {
    for await (const chunk of child.stdout) {
      signal?.throwIfAborted();
      watch.stop();
      yield chunk as Buffer;
      watch.start();
    }
    const result = await end;
    signal?.throwIfAborted();
    if (watch.expired) throw tooSlow(command, args, stallMs);
    onEnd?.(result);
  } finally {
    watch.stop();
    signal?.removeEventListener("abort", kill);
    kill();
    await end.catch(() => undefined);
  }
}

/**
 * Settles when the program has ended and its pipes are closed. Never rejects unobserved: a program that
 * cannot start has an empty output, and the caller awaits this promise after it.
 */
export function endOf(
  child: ChildProcess,
  command: string,
  missing: NonNullable<ToolOptions["missing"]>,
): Promise<ToolEnd> {
  let errors = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    errors = (errors + text).slice(-keptErrorBytes);
  });
  const end = new Promise<ToolEnd>((resolve, reject) => {
    child.on("error", (cause: NodeJS.ErrnoException) => {
      reject(
        cause.code === "ENOENT"
          ? missingTool(command, missing, cause)
          : new MediaError("media.missing-tool", `${command} cannot be started: ${cause.message}`, { cause }),
      );
    });
    child.on("close", (code) => {
      resolve({ exitCode: code ?? -1, messages: readableLines(errors) });
    });
  });
  end.catch(() => undefined);
  return end;
}

function readableLines(text: string): string[] {
  return text
    .replace(/[^\n\P{C}]/gu, "")
    .split("\n")
    .map((line) => line.replace(/^\[[^\]]*@ 0x[0-9a-f]+\] /u, "").trim())
    .filter((line) => line !== "");
}

/** Calls `onStall` unless it is stopped within `ms`. */
class StallWatch {
  expired = false;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly ms: number,
    private readonly onStall: () => void,
  ) {}

  start(): void {
    this.timer = setTimeout(() => {
      this.expired = true;
      this.onStall();
    }, this.ms);
  }

  stop(): void {
    clearTimeout(this.timer);
  }
}

function tooSlow(command: string, args: readonly string[], stallMs: number): MediaError {
  const input = args[args.indexOf("-i") + 1]?.replace(/^file:/u, "") ?? "its input";
  return new MediaError("media.too-large", `${command} read nothing from ${input} for ${stallMs / 1000} s`, {
    hint: "Convert it to a simpler format first, such as mp4 with h264 and aac, or leave it out.",
  });
}

/** Returns the command that installs FFmpeg on a platform. */
export function installFfmpegHint(platform: NodeJS.Platform = process.platform): string {
  if (platform === "darwin") return "Install FFmpeg: brew install ffmpeg";
  if (platform === "win32") return "Install FFmpeg: winget install Gyan.FFmpeg (then open a new terminal)";
  return "Install FFmpeg: sudo apt install ffmpeg (or your distribution's package of that name)";
}

function missingTool(
  command: string,
  { purpose, hint }: NonNullable<ToolOptions["missing"]>,
  cause: unknown,
): MediaError {
  return new MediaError(
    "media.missing-tool",
    `${purpose} needs the program ${command}, which is not on the path`,
    { hint, cause },
  );
}
