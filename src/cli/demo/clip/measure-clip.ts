import { EuarError, TrainError } from "../../../core/errors.js";
import type { MediumKind } from "../../../features/adapter.js";
import { withDamage } from "../../../features/damage/with-damage.js";
import { openPipeline } from "../../../features/modality-pipeline.js";
import type { MediaEnvironment } from "../../../features/raw-media.js";
import type { ClipPoint, ClipResults, ClipSeries, UnreadInput } from "../../../report/demo/clip-results.js";
import { CLIP_WORDS, type ClipInput, clipInputs } from "./clip-inputs.js";

/** Severities at which the clip is shown. */
const SEVERITIES = [0, 0.25, 0.5, 0.75, 1] as const;

export interface ClipPlan {
  /** Seed of the corruption. */
  readonly seed: number;
  readonly environment: MediaEnvironment;
  readonly signal: AbortSignal;
}

/**
 * Corrupts one input of the real clip at a time and measures its quality. An input whose packages are not
 * installed is named in the result.
 * @throws TrainError "train.interrupted"
 */
export async function measureClip(plan: ClipPlan): Promise<ClipResults> {
  const { text, audio, vision } = clipInputs;
  const read = [await readInput(text, plan), await readInput(audio, plan), await readInput(vision, plan)];
  const measured = read.flatMap((one) => ("series" in one ? [one] : []));
  return {
    words: CLIP_WORDS,
    seconds: await audio.decode().then((sound) => sound().samples.length / sound().sampleRate),
    inputs: measured.map(({ modality, adapter }) => ({ modality, adapter })),
    unread: read.flatMap((one) => ("reason" in one ? [one] : [])),
    series: measured.flatMap(({ series }) => series),
  };
}

interface MeasuredInput {
  readonly modality: string;
  readonly adapter: string;
  readonly series: readonly ClipSeries[];
}

async function readInput<Kind extends MediumKind>(
  input: ClipInput<Kind>,
  plan: ClipPlan,
): Promise<MeasuredInput | UnreadInput> {
  const { modality, choice } = input;
  try {
    return { modality, adapter: choice.adapter, series: await measureInput(input, plan) };
  } catch (error) {
    requireRunning(plan.signal);
    if (!(error instanceof EuarError)) throw error;
    return { modality, reason: error.message, hint: error.hint ?? null };
  }
}

async function measureInput<Kind extends MediumKind>(
  { modality, kind, choice, corruptions, decode }: ClipInput<Kind>,
  { seed, environment, signal }: ClipPlan,
): Promise<ClipSeries[]> {
  const medium = await decode();
  const pipeline = await openPipeline({ modality, kind, choice, fps: 1 }, environment);
  const draw = { seed, modality, id: "demo-clip" };
  const pointAt = async (corruption: string, severity: number): Promise<ClipPoint> => {
    requireRunning(signal);
    const steps = [{ kind: corruption, severity }];
    const features = await pipeline.features(withDamage(kind, medium(), { steps, draw }), { signal });
    if (features === undefined) throw new RangeError(`the clip has no ${modality}`);
    const { quality, mask } = features;
    return { severity, problems: quality.problems, usable: mask.includes(1) };
  };
  const series: ClipSeries[] = [];
  try {
    for (const corruption of corruptions) {
      const points: ClipPoint[] = [];
      for (const severity of SEVERITIES) points.push(await pointAt(corruption, severity));
      series.push({ modality, kind: corruption, points });
    }
  } finally {
    pipeline.close();
  }
  return series;
}

function requireRunning(signal: AbortSignal): void {
  if (signal.aborted) throw new TrainError("train.interrupted", "the demo was interrupted");
}
