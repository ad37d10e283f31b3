import { EuarError, TrainError } from "../../../core/errors.js";
import type { AdapterIdentity } from "../../../data/adapter-identity.js";
import type { MediumKind } from "../../../features/adapter.js";
import { withDamage } from "../../../features/damage/with-damage.js";
import type { ExtractedFeatures } from "../../../features/feature-extractor.js";
import { openPipeline } from "../../../features/modality-pipeline.js";
import type { MediaEnvironment } from "../../../features/raw-media.js";
import type {
  ClipPoint,
  ClipResults,
  MissingClipModel,
  UnreadInput,
} from "../../../report/demo/clip-results.js";
import { CLIP_WORDS, type ClipInput, clipInputs } from "./clip-inputs.js";
import type { TrainedClipModel } from "./clip-model.js";
import { requireTrainedAdapters, viewOf } from "./clip-view.js";

/** Severities at which the clip is shown. */
const SEVERITIES = [0, 0.25, 0.5, 0.75, 1] as const;

export interface ClipPlan {
  /** Seed of the corruption. */
  readonly seed: number;
  readonly environment: MediaEnvironment;
  readonly signal: AbortSignal;
  /**
   * Trains the model that scores the clip. Called if an input was read.
   * @throws EuarError if the model cannot be trained
   */
  readonly train: () => Promise<TrainedClipModel>;
}

/**
 * Corrupts one input of the real clip at a time, measures its quality, and scores it. An input whose packages
 * are not installed is named in the result.
 * @throws TrainError "train.interrupted"
 */
export async function measureClip(plan: ClipPlan): Promise<ClipResults> {
  const { text, audio, vision } = clipInputs;
  const read = [await readInput(text, plan), await readInput(audio, plan), await readInput(vision, plan)];
  const measured = read.flatMap((one) => ("series" in one ? [one] : []));
  const model = await modelFor(measured, plan);
  const clean = new Map(measured.map((one) => [one.modality, one.clean]));
  const pointOf = (modality: string, { severity, features }: MeasuredPoint): ClipPoint => ({
    severity,
    problems: features.quality.problems,
    usable: features.mask.includes(1),
    view: "predictor" in model ? viewOf(model.predictor, new Map([...clean, [modality, features]])) : null,
  });
  return {
    words: CLIP_WORDS,
    seconds: await audio.decode().then((sound) => sound().samples.length / sound().sampleRate),
    inputs: measured.map(({ modality, identity: { adapter } }) => ({ modality, adapter })),
    unread: read.flatMap((one) => ("reason" in one ? [one] : [])),
    series: measured.flatMap(({ modality, series }) =>
      series.map(({ kind, points }) => ({
        modality,
        kind,
        points: points.map((point) => pointOf(modality, point)),
      })),
    ),
    model: "predictor" in model ? model.about : model,
  };
}

interface MeasuredPoint {
  readonly severity: number;
  readonly features: ExtractedFeatures;
}

interface MeasuredInput {
  readonly modality: string;
  readonly identity: AdapterIdentity;
  /** Features without corruption. */
  readonly clean: ExtractedFeatures;
  readonly series: readonly { readonly kind: string; readonly points: readonly MeasuredPoint[] }[];
}

async function modelFor(
  measured: readonly MeasuredInput[],
  { train, signal }: ClipPlan,
): Promise<TrainedClipModel | MissingClipModel> {
  if (measured.length === 0) return { reason: "no input of the clip was read", hint: null };
  try {
    const trained = await train();
    const identities = measured.map(({ modality, identity }) => [modality, identity] as const);
    requireTrainedAdapters(trained.predictor, new Map(identities));
    return trained;
  } catch (error) {
    return absenceOf(error, signal);
  }
}

async function readInput<Kind extends MediumKind>(
  input: ClipInput<Kind>,
  plan: ClipPlan,
): Promise<MeasuredInput | UnreadInput> {
  try {
    return await measureInput(input, plan);
  } catch (error) {
    return { modality: input.modality, ...absenceOf(error, plan.signal) };
  }
}

/** Returns why a part of the demo is absent. Throws errors that the user cannot mend, and interruptions. */
function absenceOf(error: unknown, signal: AbortSignal): MissingClipModel {
  requireRunning(signal);
  if (!(error instanceof EuarError)) throw error;
  return { reason: error.message, hint: error.hint ?? null };
}

async function measureInput<Kind extends MediumKind>(
  { modality, kind, choice, corruptions, decode }: ClipInput<Kind>,
  { seed, environment, signal }: ClipPlan,
): Promise<MeasuredInput> {
  const medium = await decode();
  const pipeline = await openPipeline({ modality, kind, choice, fps: 1 }, environment);
  const draw = { seed, modality, id: "demo-clip" };
  const featuresAt = async (corruption: string, severity: number): Promise<ExtractedFeatures> => {
    requireRunning(signal);
    const steps = severity === 0 ? [] : [{ kind: corruption, severity }];
    const features = await pipeline.features(withDamage(kind, medium(), { steps, draw }), { signal });
    if (features === undefined) throw new RangeError(`the clip has no ${modality}`);
    return features;
  };
  try {
    const clean = await featuresAt("", 0);
    const series: { kind: string; points: MeasuredPoint[] }[] = [];
    for (const corruption of corruptions) {
      const points: MeasuredPoint[] = [];
      for (const severity of SEVERITIES)
        points.push({
          severity,
          features: severity === 0 ? clean : await featuresAt(corruption, severity),
        });
      series.push({ kind: corruption, points });
    }
    return { modality, identity: pipeline.identity, clean, series };
  } finally {
    pipeline.close();
  }
}

function requireRunning(signal: AbortSignal): void {
  if (signal.aborted) throw new TrainError("train.interrupted", "the demo was interrupted");
}
