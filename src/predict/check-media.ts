import { shown } from "../core/check-options.js";
import { DataError } from "../core/errors.js";

/**
 * Checks that a sample is an object with media by name, for callers without types.
 * @throws DataError "data.format" for anything else, such as features
 */
export function checkMedia(media: unknown): void {
  if (typeof media !== "object" || media === null || Array.isArray(media))
    throw new DataError(
      "data.format",
      `prediction: expected an object with media by name, got ${shown(media)}`,
      {
        hint: 'For example { text: "not again", audio: "clip.mp4" }.',
      },
    );
  for (const [name, medium] of Object.entries(media)) {
    if (medium === null || medium === undefined || typeof medium === "string") continue;
    if (typeof medium === "object" && !Array.isArray(medium) && !ArrayBuffer.isView(medium)) continue;
    const found = ArrayBuffer.isView(medium) ? "an array of numbers" : shown(medium);
    throw new DataError("data.format", `prediction: ${name} is ${found}, not a medium`, {
      hint: "Give features to predict, and texts, paths, Blobs or decoded media to predictMedia.",
    });
  }
}
