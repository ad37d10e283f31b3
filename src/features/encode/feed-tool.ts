import { spawn } from "node:child_process";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { endOf, installFfmpegHint, type ToolEnd } from "../decode/tool-process.js";

/**
 * Runs a program and writes the chunks to its standard input as fast as it reads them. The program gets no
 * shell, and its standard output is dropped. It is killed if `signal` aborts or the chunks end in an error.
 * @throws MediaError "media.missing-tool" without such a program
 * @throws the signal's reason when aborted; the error of the chunks
 */
export async function feedTool(
  command: string,
  args: readonly string[],
  chunks: AsyncIterable<Uint8Array>,
  signal?: AbortSignal,
): Promise<ToolEnd> {
  signal?.throwIfAborted();
  const child = spawn(command, args, { stdio: ["pipe", "ignore", "pipe"], windowsHide: true });
  const end = endOf(child, command, { purpose: "writing clips", hint: installFfmpegHint() });
  const kill = (): void => {
    child.kill("SIGKILL");
  };
  signal?.addEventListener("abort", kill, { once: true });
  try {
    await pipeline(Readable.from(chunks, { objectMode: true }), child.stdin).catch((error: unknown) => {
      // The program ended before it had read everything. Its own message has the reason.
      if (!isClosedPipe(error)) throw error;
    });
    const result = await end;
    signal?.throwIfAborted();
    return result;
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  } finally {
    signal?.removeEventListener("abort", kill);
    kill();
    await end.catch(() => undefined);
  }
}

function isClosedPipe(error: unknown): boolean {
  return (
    error instanceof Error &&
    "code" in error &&
    (error.code === "EPIPE" || error.code === "ERR_STREAM_PREMATURE_CLOSE" || error.code === "ENOENT")
  );
}
