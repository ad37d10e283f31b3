import { median } from "../../core/averages.js";
import type { ImageProblem } from "../image/image-problems.js";
import { qualityOf, type Problem, type Quality } from "../quality.js";
import type { FaceProblem } from "./face-problems.js";
import type { PictureMeasures } from "./picture-measures.js";

/** Measures of a frame that determine the quality of a clip. */
export interface FrameEvidence {
  readonly faceFound: boolean;
  /** Height of the chosen face in pixels; 0 without one. */
  readonly faceHeight: number;
  readonly others: number;
  readonly picture: PictureMeasures;
  /**
   * Largest difference from the previous frame, both shrunk to 32 pixels, of 255; undefined for the first.
   */
  readonly change: number | undefined;
}

/** Value of a measure at which a problem begins, and at which its severity is 1. */
const thresholds = {
  faceHeight: [64, 0],
  brightness: [0.12, 0],
  glare: [0.9, 1],
  sharpness: [0.285, 0.25],
  noise: [10, 60],
} as const;
/**
 * Smallest change between frames of a moving picture. Smaller changes come from compression: no camera
 * repeats its noise.
 */
const frozenChange = 4;
const rareShare = 0.9;

/**
 * Returns the quality of a clip, or of a single picture, as medians over frames, so that a few odd frames do
 * not matter.
 */
export function faceQuality(frames: readonly FrameEvidence[]): Quality {
  if (frames.length === 0)
    return qualityOf({ frames: 0, faceShare: 0 }, [
      { code: "face.none", severity: 1, message: "it has no frames" },
    ]);
  const withFace = frames.filter(({ faceFound }) => faceFound);
  const faceShare = withFace.length / frames.length;
  const changes = frames.flatMap(({ change }) => (change === undefined ? [] : [change]));
  const measures = {
    frames: frames.length,
    faceShare,
    severalShare: frames.filter(({ others }) => others > 0).length / frames.length,
    faceHeightPixels: medianOrZero(withFace.map(({ faceHeight }) => faceHeight)),
    brightness: medianOrZero(frames.map(({ picture }) => picture.brightness)),
    sharpness: medianOrZero(frames.map(({ picture }) => picture.sharpness)),
    noise: medianOrZero(frames.map(({ picture }) => picture.noise)),
    change: medianOrZero(changes),
    frozenShare:
      changes.length < 2 ? 0 : changes.filter((change) => change < frozenChange).length / changes.length,
  };
  return qualityOf(measures, [...faceProblems(measures), ...pictureProblems(measures)]);
}

type PictureProblem = FaceProblem | ImageProblem;

function faceProblems({
  faceShare,
  severalShare,
  faceHeightPixels,
}: Readonly<Record<"faceShare" | "severalShare" | "faceHeightPixels", number>>): Problem<PictureProblem>[] {
  if (faceShare === 0) return [{ code: "face.none", severity: 1, message: "no face was found in it" }];
  const problems: Problem<FaceProblem>[] = [];
  if (faceShare < rareShare)
    problems.push({
      code: "face.rare",
      severity: 1 - faceShare,
      message: `a face was found in only ${percent(faceShare)} of its frames`,
    });
  if (severalShare > 0.2)
    problems.push({
      code: "face.several",
      severity: 0.5 * severalShare,
      message: `it shows several faces in ${percent(severalShare)} of its frames`,
    });
  return [
    ...problems,
    ...beyond(
      "face.small",
      faceHeightPixels,
      thresholds.faceHeight,
      `its face is only ${faceHeightPixels.toFixed(0)} pixels high`,
    ),
  ];
}

function pictureProblems({
  brightness,
  sharpness,
  noise,
  frozenShare,
}: Readonly<
  Record<"brightness" | "sharpness" | "noise" | "frozenShare", number>
>): Problem<PictureProblem>[] {
  const dark = beyond(
    "image.dark",
    brightness,
    thresholds.brightness,
    `it is dark (mean brightness ${percent(brightness)})`,
  );
  return [
    ...dark,
    ...beyond(
      "image.bright",
      brightness,
      thresholds.glare,
      `it is overexposed (mean brightness ${percent(brightness)})`,
    ),
    // A black picture has no edges to measure.
    ...(dark.length > 0 ? [] : beyond("image.blurred", sharpness, thresholds.sharpness, "it is blurred")),
    ...beyond("image.noisy", noise, thresholds.noise, `it is noisy (noise of ${noise.toFixed(0)} of 255)`),
    ...(frozenShare > 0.5
      ? [
          {
            code: "video.frozen" as const,
            severity: 0.5 * frozenShare,
            message: `its picture stands still in ${percent(frozenShare)} of its frames`,
          },
        ]
      : []),
  ];
}

/** Returns a problem if `value` is beyond the first threshold. Its severity grows towards the second. */
function beyond(
  code: PictureProblem,
  value: number,
  [from, to]: readonly [number, number],
  message: string,
): Problem<PictureProblem>[] {
  const severity = Math.min(1, (value - from) / (to - from));
  return severity > 0 ? [{ code, severity, message }] : [];
}

function percent(share: number): string {
  return `${(share * 100).toFixed(0)}%`;
}

/** Returns the median; 0 without values. */
function medianOrZero(values: readonly number[]): number {
  return values.length === 0 ? 0 : median(values);
}
