import { defined } from "../../core/defined.js";
import { creakyFrames } from "./creak.js";
import { frameCount, HOP } from "./frames.js";
import { glottalFeatureNames, glottalFeatures } from "./glottal/glottal-features.js";
import { lpResidual } from "./glottal/lp-residual.js";
import { polarity } from "./glottal/polarity.js";
import { trackPitch, type PitchTrack } from "./pitch.js";
import { CEPSTRAL_COEFFICIENTS, SpectralFeatures } from "./spectral-features.js";
import { DEVIATION_COEFFICIENTS, MEAN_COEFFICIENTS } from "./phase-statistics.js";

const numbered = (name: string, count: number): string[] =>
  Array.from({ length: count }, (_, i) => `${name}_${i}`);

/** [74] names of the features, in COVAREP's order. */
export const covarepNames: readonly string[] = [
  "F0",
  "VUV",
  ...glottalFeatureNames,
  "creak",
  ...numbered("MCEP", CEPSTRAL_COEFFICIENTS),
  ...numbered("HMPDM", MEAN_COEFFICIENTS),
  ...numbered("HMPDD", DEVIATION_COEFFICIENTS),
];

export const COVAREP_WIDTH = covarepNames.length;
const GLOTTAL_COLUMN = 2;
const CREAK_COLUMN = GLOTTAL_COLUMN + glottalFeatureNames.length;
const SPECTRAL_COLUMN = CREAK_COLUMN + 1;

/**
 * Number of frames of a piece for analyses that need a whole signal (five minutes), and of a step of the
 * spectral analysis.
 */
const PIECE_FRAMES = 30_000;
const SPECTRAL_FRAMES = 512;

/**
 * Computes COVAREP's 74 acoustic features every 10 ms (Degottex, Kane, Drugman, Raitio & Scherer, "COVAREP -
 * a collaborative voice analysis repository for speech technologies", ICASSP 2014). The file that computes a
 * feature defines it.
 *
 * The glottal features, creak and the polarity (from the first piece) are computed in pieces of five minutes,
 * F0 and the spectral features over the whole clip. In addition to the result, this takes a few hundred bytes
 * per frame, and the memory for one piece. Other work may run between steps.
 * @param samples [N] 16 kHz, finite
 * @param signal stops the work at the next step
 * @returns [T, 74], finite
 */
export async function covarepFeatures(samples: Float32Array, signal?: AbortSignal): Promise<Float32Array> {
  const steps = frameCount(samples.length);
  const out = new Float32Array(steps * COVAREP_WIDTH);
  await turn(signal);
  const pitch = trackPitch(samples);
  pitch.f0.forEach((f0, t) => {
    out[t * COVAREP_WIDTH] = f0;
    out[t * COVAREP_WIDTH + 1] = defined(pitch.voiced[t]);
  });
  for (let from = 0; from < steps; from += PIECE_FRAMES) {
    await turn(signal);
    writePiece(samples, pitch, from, Math.min(steps, from + PIECE_FRAMES), out);
  }
  const spectral = new SpectralFeatures();
  const upright = uprightSamples(samples, pitch);
  for (let from = 0; from < steps; from += SPECTRAL_FRAMES) {
    await turn(signal);
    spectral.compute(
      upright,
      pitch.f0,
      from,
      Math.min(steps, from + SPECTRAL_FRAMES),
      out,
      COVAREP_WIDTH,
      SPECTRAL_COLUMN,
    );
  }
  return out;
}

/** Yields the thread to timers and other clips, and stops when aborted. */
async function turn(signal?: AbortSignal): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 0));
  signal?.throwIfAborted();
}

/** Writes the glottal columns and creak of the frames from `from` to `to`. */
function writePiece(
  samples: Float32Array,
  pitch: PitchTrack,
  from: number,
  to: number,
  out: Float32Array,
): void {
  const creaky = creakyFrames(samples.subarray(from * HOP, to * HOP));
  // Frames are centred 5 ms after their beginning. The glottal features count from the first centre.
  const glottal = glottalFeatures(
    samples.subarray(from * HOP + HOP / 2, to * HOP + HOP / 2),
    pitch.f0.slice(from, to),
    pitch.voiced.slice(from, to),
  );
  const width = glottalFeatureNames.length;
  for (let t = from; t < to; t++) {
    const row = t * COVAREP_WIDTH;
    out.set(glottal.subarray((t - from) * width, (t - from + 1) * width), row + GLOTTAL_COLUMN);
    out[row + CREAK_COLUMN] = defined(creaky[t - from]);
  }
}

/** Returns the signal with its polarity corrected, because phases depend on it. */
function uprightSamples(samples: Float32Array, { voiced }: PitchTrack): Float32Array {
  const speech = Float64Array.from(samples.subarray(HOP / 2, PIECE_FRAMES * HOP));
  const flags = voiced.slice(0, PIECE_FRAMES);
  return polarity(speech, lpResidual(speech, speech, flags), flags) > 0 ? samples : samples.map((x) => -x);
}
