import type { DamageStep } from "../../corruption/damage-medium.js";
import type { DamagePart } from "../../corruption/damage-specification.js";
import { severityFrom } from "../../corruption/feature-kinds.js";
import { partnersOf } from "../../corruption/partners.js";
import { defined } from "../../core/defined.js";
import { integerAt, type RandomKey, randomKey, uniformAt } from "../../core/random.js";
import type { MediumKind } from "../adapter.js";
import type { ModalityDamage, Sample } from "../extract/sample.js";
import type { ReadableModality } from "../readable-modalities.js";
import { needsOther } from "./with-damage.js";

/** Corruptions of samples, and the seed of their draws. */
export interface DamageRequest {
  readonly parts: readonly DamagePart[];
  readonly seed: number;
  /** Modalities of the source. */
  readonly modalities: readonly ReadableModality[];
}

/**
 * Plans the corruption of samples: every part applies to every sample that has the modality, in order.
 *
 * A range of severities is drawn for each sample. The corruption of a sample does not depend on the other
 * samples, except for kinds that mix in another sample.
 * @param samples samples to corrupt; they also give the media that are mixed in
 */
export function planDamage(samples: readonly Sample[], { parts, seed, modalities }: DamageRequest): Sample[] {
  const steps = (modality: string, { id }: Sample): DamageStep[] =>
    parts
      .filter((part) => part.modality === modality)
      .map((part, i) => stepOf(part, randomKey(seed, `damage-severity/${modality}/${i}/${id}`)));
  return withDamages(samples, { seed, modalities, ids: samples.map(({ id }) => id), steps });
}

/** Copy of a training sample with corrupted media. */
export interface PlannedCopy {
  /** The sample's media, with their corruption. */
  readonly sample: Sample;
  /** Number of the original among the given samples. */
  readonly original: number;
}

/** Probability that a modality of a copy stays clean. At least one modality is corrupted. */
const KEEP = 0.5;

/**
 * Plans corrupted copies of samples. In each copy, each modality that `parts` name stays clean with a
 * probability of 0.5, or gets one of its parts with a severity drawn from its range (default 0.1 to 1). At
 * least one modality of a copy that the sample has is corrupted.
 *
 * @param count number of copies of each sample
 */
export function planCopies(samples: readonly Sample[], request: DamageRequest, count: number): PlannedCopy[] {
  const named = [...new Set(request.parts.map(({ modality }) => modality))];
  return Array.from({ length: count }, (_, copy) => {
    const idOf = ({ id }: Sample): string => `${id}#${copy}`;
    const keyOf = (modality: string, sample: Sample): RandomKey =>
      randomKey(request.seed, `copies/${modality}/${idOf(sample)}`);
    const steps = (modality: string, sample: Sample): DamageStep[] => {
      const mine = named.filter((name) => hasMedium(sample, name));
      const draws = mine.map((name) => uniformAt(keyOf(name, sample), 0));
      const draw = draws[mine.indexOf(modality)];
      if (draw === undefined || (draw < KEEP && draw !== Math.max(...draws))) return [];
      const own = request.parts.filter((part) => part.modality === modality);
      const key = keyOf(modality, sample);
      return [stepOf(defined(own[integerAt(key, 1, own.length)]), key)];
    };
    const { seed, modalities } = request;
    return withDamages(samples, { seed, modalities, ids: samples.map(idOf), steps }).map(
      (sample, original): PlannedCopy => ({ sample, original }),
    );
  }).flat();
}

function stepOf({ kind, severity, span }: DamagePart, key: RandomKey): DamageStep {
  const draw = uniformAt(key, 2);
  const [least, most] = severity ?? [];
  const drawn =
    least === undefined || most === undefined
      ? severityFrom(draw)
      : least === most
        ? least
        : least + (most - least) * draw;
  return { kind, severity: drawn, ...(span && { span }) };
}

interface Plan {
  readonly seed: number;
  readonly modalities: readonly ReadableModality[];
  /** Names of the draws of each sample. */
  readonly ids: readonly string[];
  readonly steps: (modality: string, sample: Sample) => readonly DamageStep[];
}

function withDamages(samples: readonly Sample[], { seed, modalities, ids, steps }: Plan): Sample[] {
  const damages = modalities.map(({ name, kind }) => {
    const present = Uint8Array.from(samples, (sample) => Number(hasMedium(sample, name)));
    const partners = partnersOf(
      present,
      ids.map((id) => randomKey(seed, `damage-other/${name}/${id}`)),
    );
    return samples.map((sample, n) => {
      const own = present[n] === 1 ? steps(name, sample) : [];
      return [name, damageOf(own, kind, samples[defined(partners[n])], sample)] as const;
    });
  });
  return samples.map((sample, n): Sample => {
    const own = damages.map((each) => defined(each[n])).filter(([, { steps: some }]) => some.length > 0);
    return { ...sample, damage: { seed, id: defined(ids[n]), on: Object.fromEntries(own) } };
  });
}

function damageOf(
  steps: readonly DamageStep[],
  kind: MediumKind,
  other: Sample | undefined,
  own: Sample,
): ModalityDamage {
  if (other === undefined || other === own || !needsOther(kind, steps)) return { steps };
  const { id, split, label, texts, files, clip, transcript } = other;
  return {
    steps,
    other: { id, split, label, texts, files, transcript, ...(clip !== undefined && { clip }) },
  };
}

/** True if a sample may have a medium: the table names a file or has a text. */
function hasMedium({ files, texts, transcript }: Sample, modality: string): boolean {
  return (
    Object.hasOwn(files, modality) ||
    Object.hasOwn(texts, modality) ||
    (modality === "text" && transcript !== undefined)
  );
}
