import { type AgreementLevel, krippendorffAlpha } from "../../metrics/krippendorff.js";
import type { FlagRow, LabelRow } from "../store/rows.js";

/** Labels of one sample and modality, and the flag of the sample. */
export interface LabelledSample {
  readonly sample: string;
  readonly modality: string;
  /** Label of each person who gave one, by name. */
  readonly labels: Readonly<Record<string, unknown>>;
  /** Note of the flag. Null for a sample without a flag. */
  readonly flag: string | null;
}

/** Labels of a collection in a table with one column per person. */
export interface LabelTable {
  /** Names of the people, in alphabetical order. */
  readonly people: readonly string[];
  readonly rows: readonly LabelledSample[];
}

/** Agreement of the people who labelled one modality. */
export interface Agreement {
  readonly modality: string;
  /** Number of people. */
  readonly people: number;
  /** Number of samples with labels of at least two people. */
  readonly samples: number;
  /** "interval" if all labels are numbers. */
  readonly level: AgreementLevel;
  /** Krippendorff's alpha. Null without two different labels to compare. */
  readonly alpha: number | null;
}

/** Modality of the rows of samples that have a flag and no label. */
export const WHOLE_SAMPLE = "all";

/**
 * Groups labels by sample and modality.
 * @param labels by sample, then modality
 */
export function labelTable(labels: readonly LabelRow[], flags: readonly FlagRow[]): LabelTable {
  const notes = new Map(flags.map(({ sample, note }) => [sample, note]));
  const labelled = new Set(labels.map(({ sample }) => sample));
  const groups = new Map<string, LabelRow[]>();
  for (const row of labels) {
    const key = JSON.stringify([row.sample, row.modality]);
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  const rows = [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (!first) return [];
    const { sample, modality } = first;
    return [{ sample, modality, labels: valuesOf(group), flag: notes.get(sample) ?? null }];
  });
  const flagged = flags
    .filter(({ sample }) => !labelled.has(sample))
    .map(({ sample, note }) => ({ sample, modality: WHOLE_SAMPLE, labels: {}, flag: note }));
  return { people: [...new Set(labels.map(({ person }) => person))].sort(), rows: [...rows, ...flagged] };
}

/** Measures the agreement on each modality that was labelled. */
export function agreements(labels: readonly LabelRow[]): readonly Agreement[] {
  const { rows } = labelTable(labels, []);
  return [...new Set(rows.map(({ modality }) => modality))].sort().map((modality) => {
    const units = rows.filter((row) => row.modality === modality).map((row) => Object.values(row.labels));
    const isNumber = units.flat().every((label) => typeof label === "number");
    const level: AgreementLevel = isNumber ? "interval" : "nominal";
    return {
      modality,
      people: new Set(labels.filter((row) => row.modality === modality).map(({ person }) => person)).size,
      samples: units.filter((unit) => unit.length > 1).length,
      level,
      alpha: krippendorffAlpha(
        units.map((unit) => unit.map((label) => (typeof label === "number" ? label : JSON.stringify(label)))),
        level,
      ),
    };
  });
}

function valuesOf(group: readonly LabelRow[]): Record<string, unknown> {
  return Object.fromEntries(group.map(({ person, label }) => [person, JSON.parse(label) as unknown]));
}
