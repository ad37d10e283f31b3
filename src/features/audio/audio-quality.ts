import { defined } from "../../core/defined.js";
import { exp, log } from "../../core/math.js";
import { qualityOf, type Problem, type Quality } from "../quality.js";
import type { AudioProblem } from "./audio-problems.js";
import { frameLevels } from "./activity/energy-activity.js";
import { ANALYSIS_RATE } from "./frames.js";
import { DB_PER_NEPER } from "./levels.js";
import { type Bang, bandEdge, gapsOf, levelFall, worstBang } from "./sound-faults.js";

/**
 * Level below which a frame is silent, dB of full scale. A quiet room at a usual recording level is near -60,
 * the noise of 16 bits at -98.
 */
const SILENT_DB = -65;
/**
 * Runs of at least three samples this close to the largest or smallest value are clipped. They are flatter
 * than the top of any tone above 50 Hz.
 */
const FLAT_MARGIN = 2e-4;
const FLAT_RUN = 3;
/** Lowest amplitude of clipping. No converter clips below it: such runs come from few bits per sample. */
const LOWEST_CLIP_LEVEL = 0.02;
/** Shortest speech in which an echo can be noticed, in seconds. Shorter speech may have no pause. */
const FEWEST_SPEECH_SECONDS = 1;
/** Fewest gaps that are a problem. A single one can be a cut. */
const FEWEST_GAPS = 3;
/**
 * Value of a measure at which a problem begins, and at which its severity is 1: fractions of silent frames,
 * clipped samples and gaps, SNR and contrast in dB, seconds of speech, seconds, highest frequency in Hz,
 * level and rise of a bang in dB, fall of the level in dB. The sound of a telephone, up to 4 kHz, is no
 * problem.
 */
const limits = {
  silentShare: { begins: 0.8, spoils: 1 },
  clippedShare: { begins: 0.001, spoils: 0.1 },
  snrDb: { begins: 15, spoils: -5 },
  contrastDb: { begins: 8, spoils: -5 },
  speechSeconds: { begins: 0.3, spoils: 0.1 },
  seconds: { begins: 0.5, spoils: 0.05 },
  gapShare: { begins: 0, spoils: 0.5 },
  bandHz: { begins: 4000, spoils: 1000 },
  bangDb: { begins: -6, spoils: 6 },
  bangRiseDb: { begins: 14, spoils: 26 },
  fallDb: { begins: 10, spoils: 4 },
} as const;
/** Smallest number of speech frames, and of other frames, for an SNR. */
const FEWEST_FRAMES = 10;
const LARGEST_SNR = 60;
const SMALLEST_SNR = -10;

export interface AudioEvidence {
  /** [N] samples at 16 kHz, finite. */
  readonly samples: Float32Array;
  /** Samples at their original rate, where clipping is flat; finite. */
  readonly original: Float32Array;
  /** [T] 1 = speech; undefined without voice activity. */
  readonly speech: Uint8Array | undefined;
  /** Fraction of samples that were not numbers and became 0. */
  readonly invalidShare: number;
}

/**
 * Measures the quality of a sound.
 *
 * Measures: `seconds`; `silentShare`, fraction of frames below -65 dB of full scale; `clippedShare`, fraction
 * of samples in flat runs at the largest or smallest value; `levelDb` of the frames that are not silent;
 * `speechShare` and `speechSeconds` by voice activity; `snrDb`, level of speech frames without noise over
 * that of other frames, absent if there are too few of either; `contrastDb`, energy of all frames over that
 * of the quietest twentieth, which is subtracted; `invalidShare`. The contrast replaces an absent SNR, unless
 * there is no speech. The severity of a problem grows linearly from 0 to 1 between two limits of its measure.
 */
export function audioQuality({ samples, original, speech, invalidShare }: AudioEvidence): Quality {
  const seconds = samples.length / ANALYSIS_RATE;
  const levels = frameLevels(samples);
  const silentShare = samples.length === 0 ? 1 : share(levels, (level) => level < SILENT_DB);
  const clipped = clippedShare(original);
  const problems: Problem<AudioProblem>[] = [
    ...problem(
      "audio.silent",
      severity(silentShare, limits.silentShare),
      `it is silent in ${percent(silentShare)} of its frames`,
    ),
    ...problem(
      "audio.silent",
      invalidShare,
      `${percent(invalidShare)} of its samples are not numbers and were read as silence`,
    ),
    ...problem(
      "audio.clipped",
      severity(clipped, limits.clippedShare),
      `${percent(clipped)} of its samples are clipped`,
    ),
    ...problem("audio.short", severity(seconds, limits.seconds), `it lasts only ${seconds.toFixed(2)} s`),
  ];
  const measures: Record<string, number> = {
    seconds,
    silentShare,
    clippedShare: clipped,
    levelDb: energyLevel(levels, (t) => defined(levels[t]) >= SILENT_DB),
    invalidShare,
  };
  if (speech !== undefined) problems.push(...speechProblems(levels, speech, silentShare, measures));
  problems.push(...contrastProblems(levels, silentShare, measures));
  if (!problems.some(({ code }) => code === "audio.noisy")) problems.push(...echoProblems(levels, measures));
  problems.push(...faultProblems(samples, measures));
  return qualityOf(measures, problems);
}

/**
 * Finds noise without voice activity: if speech was not detected, or if the noise was taken for speech.
 * Speech has short gaps everywhere, and steady noise fills them.
 */
function contrastProblems(
  levels: Float64Array,
  silentShare: number,
  measures: Record<string, number>,
): Problem<AudioProblem>[] {
  if (levels.length < 2 * FEWEST_FRAMES) return [];
  const quietest = power(defined(levels.slice().sort()[Math.floor(levels.length / 20)]));
  const energy = levels.reduce((sum, level) => sum + power(level) / levels.length, 0);
  const contrast = ratioDb(energy, quietest);
  measures["contrastDb"] = contrast;
  const isSilent = silentShare > limits.silentShare.begins;
  if (isSilent || measures["snrDb"] !== undefined || measures["speechSeconds"] === 0) return [];
  return problem(
    "audio.noisy",
    severity(contrast, limits.contrastDb),
    `it is only ${contrast.toFixed(0)} dB louder than its quietest parts`,
  );
}

/** Finds an echo, or other voices: speech does not fall silent between its words. */
function echoProblems(levels: Float64Array, measures: Record<string, number>): Problem<AudioProblem>[] {
  if ((measures["speechSeconds"] ?? 0) < FEWEST_SPEECH_SECONDS) return [];
  const fall = levelFall(levels);
  measures["fallDb"] = fall;
  return problem(
    "audio.echo",
    severity(fall, limits.fallDb),
    `its level falls by only ${fall.toFixed(0)} dB within 0.1 s, as with an echo or other voices`,
  );
}

/** Finds gaps, a narrow band and bangs. */
function faultProblems(samples: Float32Array, measures: Record<string, number>): Problem<AudioProblem>[] {
  const gaps = gapsOf(samples);
  const hertz = bandEdge(samples);
  const bang = worstBang(samples, bangSeverity);
  measures["gapShare"] = gaps.share;
  if (hertz !== undefined) measures["bandHz"] = hertz;
  if (bang !== undefined) {
    measures["bangDb"] = bang.levelDb;
    measures["bangRiseDb"] = bang.riseDb;
  }
  const hasGaps = gaps.count >= FEWEST_GAPS;
  return [
    ...problem(
      "audio.gaps",
      hasGaps ? severity(gaps.share, limits.gapShare) : 0,
      `it has ${gaps.count} gaps, ${percent(gaps.share)} of its time`,
    ),
    ...problem(
      "audio.muffled",
      hertz === undefined ? 0 : severity(hertz, limits.bandHz),
      `it has nothing above ${hertz ?? 0} Hz`,
    ),
    // The end of a gap is as sudden as a bang.
    ...problem(
      "audio.bang",
      bang === undefined || hasGaps ? 0 : bangSeverity(bang),
      `a bang in it is ${Math.abs(bang?.levelDb ?? 0).toFixed(0)} dB ` +
        `${(bang?.levelDb ?? 0) < 0 ? "below" : "above"} its loud parts`,
    ),
  ];
}

function bangSeverity({ levelDb, riseDb }: Bang): number {
  return Math.min(severity(levelDb, limits.bangDb), severity(riseDb, limits.bangRiseDb));
}

function speechProblems(
  levels: Float64Array,
  speech: Uint8Array,
  silentShare: number,
  measures: Record<string, number>,
): Problem<AudioProblem>[] {
  const spoken = speech.reduce((sum, s) => sum + s, 0);
  measures["speechSeconds"] = spoken / 100;
  measures["speechShare"] = spoken / speech.length;
  const snr = signalToNoise(levels, speech);
  if (snr !== undefined) measures["snrDb"] = snr;
  // In a silent clip the problem is silence, not missing speech.
  const silent = silentShare > limits.silentShare.begins && spoken === 0;
  return [
    ...(silent
      ? []
      : problem(
          "audio.no-speech",
          severity(spoken / 100, limits.speechSeconds),
          spoken === 0 ? "no speech was found" : `only ${(spoken / 100).toFixed(2)} s of it are speech`,
        )),
    ...(snr === undefined
      ? []
      : problem(
          "audio.noisy",
          severity(snr, limits.snrDb),
          `speech is only ${snr.toFixed(0)} dB above the noise`,
        )),
  ];
}

/**
 * Returns 10 log10 of (energy in speech frames - noise energy) / noise energy, within [-10, 60] dB. The noise
 * is the median of the other frames, so that a click or an undetected word does not count.
 */
function signalToNoise(levels: Float64Array, speech: Uint8Array): number | undefined {
  const others = levels.filter((_, t) => speech[t] === 0).sort();
  const spoken = speech.length - others.length;
  if (others.length < FEWEST_FRAMES || spoken < FEWEST_FRAMES) return undefined;
  const noise = power(defined(others[others.length >> 1]));
  let energy = 0;
  levels.forEach((level, t) => {
    if (speech[t] === 1) energy += power(level) / spoken;
  });
  return ratioDb(energy, noise);
}

/** Returns 10 log10 of (energy - noise) / noise, within [-10, 60] dB. */
function ratioDb(energy: number, noise: number): number {
  return Math.min(
    LARGEST_SNR,
    Math.max(SMALLEST_SNR, DB_PER_NEPER * log(Math.max(1e-3, (energy - noise) / noise))),
  );
}

function clippedShare(samples: Float32Array): number {
  let [largest, smallest] = [0, 0];
  for (const x of samples) {
    if (x > largest) largest = x;
    if (x < smallest) smallest = x;
  }
  const count =
    flatSamples(samples, (x) => x >= largest * (1 - FLAT_MARGIN), largest) +
    flatSamples(samples, (x) => x <= smallest * (1 - FLAT_MARGIN), -smallest);
  return samples.length === 0 ? 0 : count / samples.length;
}

function flatSamples(samples: Float32Array, isExtreme: (x: number) => boolean, level: number): number {
  if (level < LOWEST_CLIP_LEVEL) return 0;
  let count = 0;
  let run = 0;
  for (const x of samples) {
    run = isExtreme(x) ? run + 1 : 0;
    if (run === FLAT_RUN) count += FLAT_RUN;
    else if (run > FLAT_RUN) count += 1;
  }
  return count;
}

/** Returns the mean level of some frames, dB of full scale. */
function energyLevel(levels: Float64Array, isWanted: (t: number) => boolean): number {
  const wanted = levels.filter((_, t) => isWanted(t));
  if (wanted.length === 0) return -120;
  return DB_PER_NEPER * log(wanted.reduce((sum, level) => sum + power(level), 0) / wanted.length);
}

function power(decibels: number): number {
  return exp(decibels / DB_PER_NEPER);
}

function share(values: Float64Array, counts: (value: number) => boolean): number {
  return values.reduce((sum, value) => sum + (counts(value) ? 1 : 0), 0) / values.length;
}

/** Scales linearly from 0 at `begins` to 1 at `spoils`. */
function severity(
  value: number,
  { begins, spoils }: { readonly begins: number; readonly spoils: number },
): number {
  return Math.min(1, Math.max(0, (value - begins) / (spoils - begins)));
}

function problem(code: AudioProblem, severityOf: number, message: string): Problem<AudioProblem>[] {
  return severityOf > 0 ? [{ code, severity: severityOf, message }] : [];
}

function percent(value: number): string {
  return value > 0 && value < 0.01 ? `${(100 * value).toFixed(2)}%` : `${Math.round(100 * value)}%`;
}
