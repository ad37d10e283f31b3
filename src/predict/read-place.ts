import { ConfigError } from "../core/errors.js";
import { fetchWeights } from "../runs/fetch-weights.js";

/** Protocols that `fetch` can read. */
const FETCHED = ["http:", "https:", "blob:", "data:"];

/**
 * Reads the weights of a finished run from a path (in Node) or a URL.
 * @param place a run folder or a file, a URL, or text that begins with http:// or https://
 * @returns the bytes, and the name of their origin for messages
 * @throws ConfigError "config.invalid" for a URL of another protocol, CheckpointError "checkpoint.format" for
 * weights that cannot be read
 */
export async function readPlace(
  place: string | URL,
): Promise<{ readonly name: string; readonly bytes: Uint8Array }> {
  const url = place instanceof URL ? place : remote(place);
  if (url === undefined || url.protocol === "file:") {
    // loaded only here, because the other code must run in the browser
    const { readWeights } = await import("../runs/read-weights.js");
    const { file, bytes } = readWeights(place);
    return { name: file, bytes };
  }
  if (!FETCHED.includes(url.protocol))
    throw new ConfigError("config.invalid", `Predictor.load: weights cannot be read from ${url.protocol}`, {
      hint: "Give a path, or a URL that begins with https, http, file, blob or data.",
    });
  return { name: url.protocol === "data:" ? "the data URL" : url.href, bytes: await fetchWeights(url) };
}

function remote(place: string): URL | undefined {
  return /^https?:\/\//i.test(place) && URL.canParse(place) ? new URL(place) : undefined;
}
