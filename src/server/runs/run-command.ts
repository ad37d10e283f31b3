import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { isRecord } from "../../core/is-record.js";
import type { ErrorText } from "../http/problem.js";

const BIN = fileURLToPath(new URL("../../../bin/euar.js", import.meta.url));

/** Command of euar that runs in its own process. */
export interface RunningCommand {
  /** Interrupts the command. A training then stores a checkpoint. */
  readonly interrupt: () => void;
  /** Result of the command, or its error. */
  readonly outcome: Promise<CommandOutcome>;
}

/** Outcome of a command: its output, or its error. */
export type CommandOutcome =
  | { readonly kind: "result"; readonly result: Readonly<Record<string, unknown>> }
  | { readonly kind: "error"; readonly error: ErrorText };

/**
 * Starts `euar` with --json. The new process ends when this process ends. Its error does not begin with the
 * name of the command, which clients of the server did not call.
 */
export function startCommand(args: readonly string[]): RunningCommand {
  const child = spawn(process.execPath, [BIN, ...args, "--json", "--quiet"], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  return {
    interrupt: () => {
      child.kill("SIGTERM");
    },
    outcome: outcomeOf(child, `euar ${args[0] ?? ""}: `),
  };
}

/** Largest output, in characters. */
const MOST_OUTPUT = 2 ** 24;

async function outcomeOf(child: ChildProcess, prefix: string): Promise<CommandOutcome> {
  let stdout = "";
  let stderr = "";
  child.stdout?.on("data", (chunk: Buffer) => {
    if (stdout.length < MOST_OUTPUT) stdout += chunk.toString();
  });
  child.stderr?.on("data", (chunk: Buffer) => {
    stderr = (stderr + chunk.toString()).slice(-2000);
  });
  const code = await new Promise<number | null>((resolve) => {
    child.once("error", () => {
      resolve(null);
    });
    child.once("close", resolve);
  });
  const answer = parse(stdout);
  if (code === 0 && answer) return { kind: "result", result: answer };
  const error = answer?.["error"];
  if (isRecord(error) && typeof error["code"] === "string" && typeof error["message"] === "string") {
    const { message } = error;
    const hint = typeof error["hint"] === "string" ? { hint: error["hint"] } : {};
    return {
      kind: "error",
      error: {
        code: error["code"] as ErrorText["code"],
        message: message.startsWith(prefix) ? message.slice(prefix.length) : message,
        ...hint,
      },
    };
  }
  return {
    kind: "error",
    error: { code: "internal", message: `the process ended with ${String(code)}: ${stderr}` },
  };
}

function parse(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
