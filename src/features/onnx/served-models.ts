import { causeText } from "../../core/cause-text.js";
import { MediaError } from "../../core/errors.js";
import { sha256 } from "../../core/sha256.js";
import { type ModelSource, tooLarge } from "./model-source.js";

/**
 * Reads models that a page serves. A folder is an address, relative to the page or absolute. If a server
 * answers the request for a missing file with a page, the file counts as present.
 */
export const servedModels: ModelSource = {
  absolute: (folder) => folder.replace(/\/+$/, ""),
  digest: async (bytes) => {
    // browsers offer their own digest only in secure contexts
    if (!globalThis.isSecureContext) return sha256(bytes);
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", new Uint8Array(bytes)));
    return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
  },
  read: async (place, path, limit) => {
    if (place.kind === "hub") {
      throw new MediaError("media.not-found", `${place.id} is not read from a hub in a browser`, {
        hint: "Serve the model's files with the page, and give their address as folder.",
      });
    }
    const answer = await request(`${place.folder}/${path}`);
    if (answer.status === 404 || answer.status === 410) return undefined;
    if (!answer.ok)
      throw new MediaError(
        "media.not-found",
        `${place.folder}/${path} cannot be read: the server answered ${answer.status}`,
        {
          hint: "Check what the page serves.",
        },
      );
    if (Number(answer.headers.get("content-length")) > limit) throw tooLarge(place, path, limit);
    const bytes = new Uint8Array(await answer.arrayBuffer());
    if (bytes.length > limit) throw tooLarge(place, path, limit, bytes.length);
    return bytes;
  },
};

async function request(url: string): Promise<Response> {
  try {
    return await fetch(url);
  } catch (cause) {
    throw new MediaError("media.not-found", `${url} cannot be read: ${causeText(cause)}`, {
      hint: "Check what the page serves.",
      cause,
    });
  }
}
