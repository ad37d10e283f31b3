import { existsSync } from "node:fs";
import { z } from "zod";
import type { DamageSpan } from "../../corruption/damage-specification.js";
import { readText, TABLE } from "../../data/formats/read-text.js";
import type { MediumKind } from "../adapter.js";
import type { Sample } from "../extract/sample.js";
import { mediumOf } from "../registry.js";
import { writtenKinds } from "./media-target.js";

/** One corruption of one medium: a line of the manifest. */
export interface ManifestEntry {
  /** Path in the output folder. For a text, the table. */
  readonly file: string;
  readonly id: string;
  readonly split: string;
  readonly modality: string;
  readonly kind: string;
  readonly severity: number;
  /** Amount in the unit of the kind. */
  readonly amount: number;
  readonly unit: string;
  readonly span?: DamageSpan | undefined;
  readonly seed: number;
  /** Sample whose medium was mixed in. */
  readonly other?: string | undefined;
}

/** Lists the corruptions of one modality of a sample, in order. */
export function entriesOf(
  { id, split, damage }: Sample,
  { modality, kind }: { readonly modality: string; readonly kind: MediumKind },
  file: string,
): ManifestEntry[] {
  const own = damage?.on[modality];
  if (own === undefined || damage === undefined) return [];
  const { damages } = mediumOf(kind);
  return own.steps.flatMap((step): ManifestEntry[] => {
    const found = damages[step.kind];
    if (found === undefined) return [];
    return [
      {
        file,
        id,
        split,
        modality,
        kind: step.kind,
        severity: step.severity,
        amount: found.amountAt(step.severity),
        unit: found.unit,
        ...(step.span && { span: step.span }),
        seed: damage.seed,
        ...(own.other && { other: own.other.id }),
      },
    ];
  });
}

const lineSchema = z.object({ path: z.string(), changed: z.array(z.enum(writtenKinds)) });

/** A file that was written: a line of the journal. */
export type JournalLine = z.infer<typeof lineSchema>;

/**
 * Reads which files an interrupted run has written, by path. Lines that are cut off do not count.
 */
export function readJournal(path: string): Map<string, JournalLine> {
  if (!existsSync(path)) return new Map();
  const lines = readText(path, TABLE).split("\n");
  return new Map(
    lines.flatMap((line): [string, JournalLine][] => {
      const parsed = lineSchema.safeParse(jsonOrNothing(line));
      return parsed.success ? [[parsed.data.path, parsed.data]] : [];
    }),
  );
}

function jsonOrNothing(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
