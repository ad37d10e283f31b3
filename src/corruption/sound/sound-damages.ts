import type { MediaDamage } from "../media-damage.js";
import { babble } from "./babble.js";
import { lowPassed, telephone } from "./band.js";
import { blueNoise, brownNoise, pinkNoise, violetNoise, whiteNoise } from "./coloured-noise.js";
import { clipping, mute, quiet } from "./loudness.js";
import { packetLoss } from "./packet-loss.js";
import { reverberation } from "./reverberation.js";
import type { Sound } from "./sound-damage.js";
import { speed } from "./speed.js";
import { suddenNoise } from "./sudden-noise.js";
import { wrongClip } from "./wrong-clip.js";

/** Kinds of corruption of sounds, by name. docs/damage.md describes them. */
export const soundDamages = {
  mute,
  quiet,
  "white-noise": whiteNoise,
  "pink-noise": pinkNoise,
  "brown-noise": brownNoise,
  "blue-noise": blueNoise,
  "violet-noise": violetNoise,
  babble,
  "sudden-noise": suddenNoise,
  clipping,
  "low-pass": lowPassed,
  telephone,
  reverberation,
  "packet-loss": packetLoss,
  speed,
  "wrong-clip": wrongClip,
} as const satisfies Readonly<Record<string, MediaDamage<Sound>>>;
