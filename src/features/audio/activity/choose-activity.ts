import { sha256 } from "../../../core/sha256.js";
import type { ReadAsset } from "../../asset.js";
import { energyActivity } from "./energy-activity.js";
import { loadSilero, sileroModel } from "./silero-activity.js";
import type { VoiceActivity } from "./voice-activity.js";

/**
 * Ways to find speech: the Silero network, loudness, or none (every frame of a non-empty sound is usable).
 */
export const activityChoices = ["silero", "energy", "none"] as const;
export type ActivityChoice = (typeof activityChoices)[number];

export interface ChosenActivity {
  /** Detector; undefined for "none". */
  readonly activity: VoiceActivity | undefined;
  /** Hashes of the files that affect its values, for the identity of features. */
  readonly packages: Readonly<Record<string, string>>;
}

/**
 * Loads a detector.
 * @throws MediaError "media.missing-package"
 */
export async function openActivity(choice: ActivityChoice, readAsset: ReadAsset): Promise<ChosenActivity> {
  if (choice === "none") return { activity: undefined, packages: {} };
  if (choice === "energy")
    return {
      activity: { detect: (samples) => Promise.resolve(energyActivity(samples)), close: () => undefined },
      packages: {},
    };
  const model = await readAsset(sileroModel.packageName, sileroModel.path);
  return {
    activity: await loadSilero(model, readAsset),
    packages: { [`${sileroModel.packageName}/${sileroModel.path}`]: sha256(model) },
  };
}

/**
 * Returns the mask without voice activity: every frame is usable, unless the whole sound is zero.
 * @returns [T]
 */
export function soundMask(samples: Float32Array, steps: number): Uint8Array {
  return new Uint8Array(steps).fill(samples.some((x) => x !== 0) ? 1 : 0);
}
