import type { MediaByKind, MediumKind } from "../src/features/adapter.js";
import type { DecodeSettings } from "../src/features/decode/decode-settings.js";
import { MediaFile } from "../src/features/decode/media-file.js";
import { nodeFile } from "../src/features/decode/node-file.js";
import { mediumOf } from "../src/features/registry.js";

/** Decodes a file in Node, as predictions and extraction do. */
export async function decodeFile<Kind extends MediumKind>(
  kind: Kind,
  path: string,
  settings: DecodeSettings,
): Promise<MediaByKind[Kind] | undefined> {
  return mediumOf(kind).decode?.(nodeFile(new MediaFile(path)), settings);
}
