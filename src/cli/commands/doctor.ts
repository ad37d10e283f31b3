import { z } from "zod";
import { mediumKinds } from "../../features/registry.js";
import { textTable } from "../../report/text-table.js";
import { defineCommand } from "../command.js";
import { type Check, diagnose, type Diagnosis } from "../doctor.js";
import { ReportedFailure } from "../partial-failure.js";

const schema = z.strictObject({
  media: z
    .array(z.enum(mediumKinds))
    .default([])
    .describe("kinds of raw media that must be readable; the command fails if one is not"),
});

export const doctorCommand = defineCommand({
  name: "doctor",
  description:
    "Checks this machine: Node, the backend, memory, threads, FFmpeg, downloaded encoders, and the " +
    "packages that the default adapter of each kind of raw media needs. Lists everything that is " +
    "missing, with the command that installs it. Installs and downloads nothing.",
  schema,
  examples: ["euar doctor", "euar doctor --media text,audio,video --json"],
  run: async ({ media }, context) => {
    const diagnosis = await diagnose();
    const failed = failureOf(diagnosis, media);
    context.result({ ok: failed === undefined, ...diagnosis }, diagnosisText(diagnosis));
    if (failed !== undefined) throw failed;
  },
});

function failureOf({ machine, media }: Diagnosis, wanted: readonly string[]): ReportedFailure | undefined {
  const broken = machine.filter(({ ok, required }) => required && !ok);
  const missing = media.filter(({ kind, ok }) => wanted.includes(kind) && !ok);
  const checks = [...broken, ...missing];
  if (checks.length === 0) return undefined;
  return new ReportedFailure(
    broken.length > 0 ? "backend.unavailable" : "media.missing-package",
    checks.map(({ name, found }) => `${name}: ${found}`).join("; "),
    { hint: [...new Set(checks.flatMap(({ remedy }) => remedy ?? []))].join("; ") },
  );
}

function diagnosisText({ machine, media }: Diagnosis): string {
  const row = ({ name, ok, found, remedy }: Check): string[] => [
    name,
    ok ? "ok" : "MISSING",
    found,
    remedy ?? "",
  ];
  const columns = ["what", "state", "found", "to install"].map((heading) => ({ heading }));
  return [
    textTable({ caption: "This machine", columns, rows: machine.map(row) }),
    "",
    textTable({ caption: "Raw media, with the default adapters", columns, rows: media.map(row) }),
  ].join("\n");
}
