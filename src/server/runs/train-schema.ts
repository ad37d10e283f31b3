import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { EuarError } from "../../core/errors.js";
import { isRecord } from "../../core/is-record.js";

const BIN = fileURLToPath(new URL("../../../bin/euar.js", import.meta.url));

let known: Promise<Record<string, unknown>> | undefined;

/** Returns the JSON Schema of the options of `euar train`. Runs the command only once. */
export function trainSchema(): Promise<Record<string, unknown>> {
  known ??= ask().catch((error: unknown) => {
    known = undefined;
    throw error;
  });
  return known;
}

async function ask(): Promise<Record<string, unknown>> {
  const child = spawn(process.execPath, [BIN, "train", "--print-schema"], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  let text = "";
  for await (const chunk of child.stdout) text += String(chunk);
  const schema: unknown = JSON.parse(text);
  if (!isRecord(schema)) throw new EuarError("internal", "euar train --print-schema did not print an object");
  return { ...schema };
}
