import { sha256 } from "../../../core/sha256.js";
import type { ReadAsset } from "../../asset.js";
import { energyActivity } from "./energy-activity.js";
import { loadSilero, sileroModel } from "./silero-activity.js";
import type { VoiceActivity } from "./voice-activity.js";

/**
 * How speech is found: the Silero network, loudness, or not at all (every frame of a sound that is not empty
 * may be used).
 */
export const activityChoices = ["silero", "energy", "none"] as const;
export type ActivityChoice = (typeof activityChoices)[number];

export interface ChosenActivity {
  /** Undefined for "none". */
  readonly activity: VoiceActivity | undefined;
  /** What decides its values, for the identity of features. */
  readonly packages: Readonly<Record<string, string>>;
}

/** @throws MediaError "media.missing-package" */
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
 * Without voice activity every frame may be used, unless the whole sound is nothing but zeros.
 * @returns [T]
 */
export function soundMask(samples: Float32Array, steps: number): Uint8Array {
  return new Uint8Array(steps).fill(samples.some((x) => x !== 0) ? 1 : 0);
}
