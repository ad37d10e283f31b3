import { spawn, type ChildProcess } from "node:child_process";
import { MediaError } from "../../core/errors.js";

/** What a program said at its end. */
export interface ToolEnd {
  readonly exitCode: number;
  /** The last lines of its error output, without control characters. */
  readonly messages: readonly string[];
}

export interface ToolOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called once when the program has ended by itself. */
  readonly onEnd?: (end: ToolEnd) => void;
}

const keptErrorBytes = 4096;

/**
 * Standard output of a program, chunk by chunk: it is read only as fast as it is consumed, so a long output needs no memory. The program gets no standard input
 * and no shell, and is killed when the reader stops early or `signal` aborts.
 * @throws MediaError "media.missing-tool" if there is no such program; the signal's reason when aborted
 */
export async function* readTool(command: string, args: readonly string[], options: ToolOptions = {}): AsyncGenerator<Buffer, void, undefined> {
  const { signal, onEnd } = options;
  signal?.throwIfAborted();
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], windowsHide: true });
  const end = endOf(child, command);
  const kill = (): void => {
    child.kill("SIGKILL");
  };
  signal?.addEventListener("abort", kill, { once: true });
  try {
    for await (const chunk of child.stdout) {
      signal?.throwIfAborted();
      yield chunk as Buffer;
    }
    const result = await end;
    signal?.throwIfAborted();
    onEnd?.(result);
  } finally {
    signal?.removeEventListener("abort", kill);
    kill();
    await end.catch(() => undefined);
  }
}

/** Settles when the program has ended and its pipes are closed. Never rejects unobserved: a program that cannot start has an empty output, after which it is awaited. */
function endOf(child: ChildProcess, command: string): Promise<ToolEnd> {
  let errors = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    errors = (errors + text).slice(-keptErrorBytes);
  });
  const end = new Promise<ToolEnd>((resolve, reject) => {
    child.on("error", (cause: NodeJS.ErrnoException) => {
      reject(cause.code === "ENOENT" ? missingTool(command, cause) : new MediaError("media.missing-tool", `${command} cannot be started: ${cause.message}`, { cause }));
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

/** How FFmpeg is installed on the platforms that Node runs on. */
export function installFfmpegHint(platform: NodeJS.Platform = process.platform): string {
  if (platform === "darwin") return "Install FFmpeg: brew install ffmpeg";
  if (platform === "win32") return "Install FFmpeg: winget install Gyan.FFmpeg (then open a new terminal)";
  return "Install FFmpeg: sudo apt install ffmpeg (or your distribution's package of that name)";
}

function missingTool(command: string, cause: unknown): MediaError {
  return new MediaError("media.missing-tool", `reading sound and video needs the program ${command}, which is not on the path`, { hint: installFfmpegHint(), cause });
}
