import { fixed } from "../numbers.js";
import type { ClipResults, UnreadInput } from "./clip-results.js";

/** Describes the clip, and the inputs that could not be read. */
export function clipRemarks({ words, seconds, inputs, unread }: ClipResults): string[] {
  const read = inputs.map(({ modality, adapter }) => `${modality} by ${adapter}`).join(", ");
  return [
    `The real clip: “${words}”, ${fixed(seconds, 1)} seconds of a LibriVox reader, with a photograph of ` +
      "another person (NASA). Both are in the public domain.",
    ...(inputs.length === 0 ? [] : [`Its features and quality: ${read}.`]),
    ...unread.map(unreadRemark),
  ];
}

function unreadRemark({ modality, reason, hint }: UnreadInput): string {
  return `The ${modality} of the clip was not read: ${reason}.${hint === null ? "" : ` To read it: ${hint}`}`;
}
