import { MediaError } from "../core/errors.js";
import { type FileUse, misplacedFile } from "../data/formats/file-kind.js";

export const CLIP: FileUse = { expected: ["sound", "video", "text"], wanted: "a sound or video file" };

/**
 * Describes a file of another kind than its decoder reads.
 * @param head first bytes of the file, at least KIND_BYTES if it has as many
 * @returns "media.unsupported"; undefined for the expected kinds, and for bytes of unknown kind
 */
export function misplacedMedium(
  head: Uint8Array,
  name: string,
  use: FileUse,
  cause?: unknown,
): MediaError | undefined {
  const misplaced = misplacedFile(head, name, use);
  return misplaced && new MediaError("media.unsupported", misplaced.message, { hint: misplaced.hint, cause });
}
