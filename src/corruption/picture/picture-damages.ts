import { blur, boxBlur } from "./blur.js";
import { colourCast, colourOff, highSaturation, inverted, swappedChannels } from "./colour.js";
import { jpegBlocks } from "./jpeg-blocks.js";
import { bright, dark, highContrast, lowContrast } from "./light.js";
import { lowResolution } from "./low-resolution.js";
import { motionBlur } from "./motion-blur.js";
import { occlusion } from "./occlusion.js";
import type { PictureDamage } from "./picture-damage.js";
import { gaussianNoise, saltAndPepper } from "./pixel-noise.js";
import { wrongPicture } from "./wrong-picture.js";

/** Kinds that need one picture only. They can also corrupt the frames of videos. */
export const frameDamages = {
  "gaussian-noise": gaussianNoise,
  "salt-and-pepper": saltAndPepper,
  blur,
  "box-blur": boxBlur,
  "motion-blur": motionBlur,
  dark,
  bright,
  "low-contrast": lowContrast,
  "high-contrast": highContrast,
  "low-resolution": lowResolution,
  "jpeg-blocks": jpegBlocks,
  occlusion,
  "colour-off": colourOff,
  "high-saturation": highSaturation,
  "colour-cast": colourCast,
  "swapped-channels": swappedChannels,
  "inverted-colours": inverted,
} as const satisfies Readonly<Record<string, PictureDamage>>;

/** Kinds of corruption of pictures, by name. docs/damage.md describes them. */
export const pictureDamages = {
  ...frameDamages,
  "wrong-picture": wrongPicture,
} as const satisfies Readonly<Record<string, PictureDamage>>;
