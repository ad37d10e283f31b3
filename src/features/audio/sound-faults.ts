import { defined } from "../../core/defined.js";
import { log } from "../../core/math.js";
import { highPass } from "../../signal/butterworth.js";
import { realFft } from "../../signal/fft.js";
import { ANALYSIS_RATE } from "./frames.js";
import { DB_PER_NEPER, energyBetween } from "./levels.js";
import { periodicHannWindow } from "./windows.js";

/** Gaps in a sound, as lost packets leave them. */
export interface Gaps {
  /** Number of gaps. */
  readonly count: number;
  /** Fraction of the samples in gaps. */
  readonly share: number;
}

/** A sudden rise of the high frequencies. */
export interface Bang {
  /** Level above 5 kHz at the bang in dB, relative to the loud parts of the whole sound. */
  readonly levelDb: number;
  /** Rise of that level within 10 ms, in dB. */
  readonly riseDb: number;
}

/** Share of frames that are quieter than the loud parts. */
const LOUD_SHARE = 0.9;
/** -35 dB as a ratio of energies, rounded: powers differ between engines. */
const MINUS_35_DB = 3.1622776601683794e-4;
/** A frame is heard if it is at most 35 dB below the level that one in a hundred frames exceeds. */
const HEARD = { share: 0.99, rangeDb: 35, ratio: MINUS_35_DB };
/** Share of heard frames below which the loud parts are those of the heard frames alone. */
const SPARSE = 0.5;

/** Samples per frame in which gaps are looked for: 2.5 ms. */
const GAP_FRAME = 40;
/** Shortest and longest gap, in frames: 5 ms and 1 s. */
const GAP_FRAMES = { shortest: 2, longest: 400 };
/** Largest energy of a gap: -80 dB of full scale, and 50 dB below the loud parts. */
const GAP_ENERGY = 1e-8;
const GAP_RATIO = 1e-5;
/** Energy of loud parts below which gaps are not looked for: -60 dB. Rounding to 16 bits makes gaps. */
const QUIET_ENERGY = 1e-6;
/** Smallest energy just before and just after a gap, relative to the loud parts. */
const EDGE_RATIO = MINUS_35_DB;

/** Samples of a spectrum, and bins per band: 32 ms, 250 Hz. */
const SPECTRUM = 512;
const BAND_BINS = 8;
export const BAND_HZ = (BAND_BINS * ANALYSIS_RATE) / SPECTRUM;
/** Energy of a band, relative to the strongest, below which it is empty: -50 dB. */
const EMPTY_RATIO = 1e-5;

/** Samples per frame in which bangs are looked for: 5 ms. */
const BANG_FRAME = 80;
/** Edge of the high frequencies in Hz. Vowels have little energy above it. */
const HIGH_HZ = 5000;
/** Frames that are filtered at once, and frames on both sides that the filter needs: 60 s, 0.1 s. */
const BLOCK = { frames: 12_000, margin: 20 };
/** Frames before a bang that it is compared with: from 10 to 30 ms before. */
const BEFORE = { nearest: 2, farthest: 6 };
/** Frames of 10 ms in which the level may fall, and dB below the loud parts from which it falls. */
const FALL_FRAMES = 10;
const LOUD_RANGE_DB = 12;
/** Share of the loud frames that are followed by a smaller fall. */
const FALL_SHARE = 0.95;
/** Energy of a frame of silence. */
const SILENCE = 1e-10;

/**
 * Finds gaps of 5 ms to 1 s that are far quieter than the sound and begin and end abruptly. A pause of a
 * speaker fades and has the noise of the room.
 * @param samples [N] 16 kHz
 */
export function gapsOf(samples: Float32Array): Gaps {
  const energies = frameEnergies(samples, GAP_FRAME); // [T]
  const loud = loudValue(energies, (loudest) => loudest * HEARD.ratio);
  if (loud < QUIET_ENERGY) return { count: 0, share: 0 };
  const limit = Math.min(GAP_ENERGY, GAP_RATIO * loud);
  const edge = EDGE_RATIO * loud;
  const louder = (t: number, u: number): boolean => Math.max(energies.at(t) ?? 0, energies.at(u) ?? 0) > edge;
  let count = 0;
  let frames = 0;
  for (let t = 1; t < energies.length; t++) {
    if (defined(energies[t]) > limit) continue;
    let end = t;
    while (end < energies.length && defined(energies[end]) <= limit) end++;
    const length = end - t;
    if (
      length >= GAP_FRAMES.shortest &&
      length <= GAP_FRAMES.longest &&
      louder(t - 1, Math.max(0, t - 2)) &&
      louder(end, end + 1)
    ) {
      count += 1;
      frames += length;
    }
    t = end;
  }
  return { count, share: frames / energies.length };
}

/**
 * Returns the upper edge of the highest band of 250 Hz that is not empty, in Hz: within 50 dB of the
 * strongest band, as a mean over the sound. Undefined without sound, and below 32 ms.
 * @param samples [N] 16 kHz
 */
export function bandEdge(samples: Float32Array): number | undefined {
  const fft = realFft(SPECTRUM);
  const window = periodicHannWindow(SPECTRUM);
  const half = SPECTRUM / 2;
  const [re, im] = [new Float64Array(half + 1), new Float64Array(half + 1)];
  const frame = new Float64Array(SPECTRUM);
  const bands = new Float64Array(half / BAND_BINS);
  for (let start = 0; start + SPECTRUM <= samples.length; start += half) {
    for (let i = 0; i < SPECTRUM; i++) frame[i] = defined(samples[start + i]) * defined(window[i]);
    fft.forward(frame, re, im);
    for (let k = 1; k <= half; k++) {
      const band = Math.floor((k - 1) / BAND_BINS);
      bands[band] = defined(bands[band]) + defined(re[k]) ** 2 + defined(im[k]) ** 2;
    }
  }
  const strongest = Math.max(...bands);
  if (strongest === 0) return undefined;
  return BAND_HZ * (bands.findLastIndex((energy) => energy > EMPTY_RATIO * strongest) + 1);
}

/**
 * Returns the sudden rise of the high frequencies for which `severityOf` is largest. A bang is loud above 5
 * kHz at once. Vowels are not, and fricatives rise slowly or stay quiet. Undefined below 50 ms.
 * @param samples [N] 16 kHz
 * @param severityOf severity of a bang, in [0, 1]
 */
export function worstBang(samples: Float32Array, severityOf: (bang: Bang) => number): Bang | undefined {
  const all = frameEnergies(samples, BANG_FRAME).map(decibels); // [T]
  const high = highLevels(samples); // [T]
  const loud = loudLevel(all);
  let worst: Bang | undefined;
  for (let t = BEFORE.farthest; t + 2 < high.length; t++) {
    const before = Math.max(...high.subarray(t - BEFORE.farthest, t - BEFORE.nearest + 1));
    const [first, second, third] = [defined(high[t]), defined(high[t + 1]), defined(high[t + 2])];
    const level = Math.max(Math.min(first, second), Math.min(second, third));
    const bang = { levelDb: level - loud, riseDb: level - before };
    if (worst === undefined || severityOf(bang) > severityOf(worst)) worst = bang;
  }
  return worst;
}

/**
 * Returns by how many dB the level falls within 100 ms after a loud frame: one in twenty of these falls is
 * larger. After speech in a quiet room the level falls fast. An echo fades slowly, and other voices or noise
 * fill the pauses.
 * @param levels [T] levels of frames 10 ms apart, dB
 */
export function levelFall(levels: Float64Array): number {
  const loud = loudLevel(levels);
  const falls: number[] = [];
  for (let t = 0; t + FALL_FRAMES < levels.length; t++) {
    const level = defined(levels[t]);
    if (level <= loud - LOUD_RANGE_DB) continue;
    falls.push(level - Math.min(...levels.subarray(t + 1, t + FALL_FRAMES + 1)));
  }
  falls.sort((a, b) => a - b);
  return falls.length === 0 ? 0 : defined(falls[Math.floor(FALL_SHARE * (falls.length - 1))]);
}

/** Mean square of each whole frame, [floor(N / size)]. */
function frameEnergies(samples: ArrayLike<number>, size: number): Float64Array {
  return Float64Array.from({ length: Math.floor(samples.length / size) }, (_, t) => {
    return energyBetween(samples, t * size, (t + 1) * size) / size;
  });
}

/** Levels of whole frames above 5 kHz in dB, [T]. Filters blocks, so that long sounds need little memory. */
function highLevels(samples: Float32Array): Float64Array {
  const levels = new Float64Array(Math.floor(samples.length / BANG_FRAME));
  for (let first = 0; first < levels.length; first += BLOCK.frames) {
    const last = Math.min(levels.length, first + BLOCK.frames);
    const from = Math.max(0, first - BLOCK.margin);
    const part = Float64Array.from(samples.subarray(from * BANG_FRAME, (last + BLOCK.margin) * BANG_FRAME));
    const filtered = highPass(part, { hertz: HIGH_HZ, sampleRate: ANALYSIS_RATE });
    const inner = filtered.subarray((first - from) * BANG_FRAME, (last - from) * BANG_FRAME);
    levels.set(frameEnergies(inner, BANG_FRAME).map(decibels), first);
  }
  return levels;
}

/** Level of the loud parts, from the levels of frames in dB. */
function loudLevel(levels: Float64Array): number {
  return loudValue(levels, (loudest) => loudest - HEARD.rangeDb);
}

/**
 * Returns the value that nine of ten frames do not exceed. If most of a sound is silence, only the frames
 * count that are heard: otherwise the loud parts of a long recording with few words would be its noise.
 */
function loudValue(values: Float64Array, heardFrom: (loudest: number) => number): number {
  const sorted = values.slice().sort();
  const at = (share: number, first: number): number =>
    sorted.at(first + Math.floor(share * (sorted.length - first))) ?? 0;
  const threshold = heardFrom(at(HEARD.share, 0));
  const heard = sorted.findIndex((value) => value >= threshold);
  return at(LOUD_SHARE, sorted.length - heard < SPARSE * sorted.length ? heard : 0);
}

function decibels(energy: number): number {
  return DB_PER_NEPER * log(energy + SILENCE);
}
