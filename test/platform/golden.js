// Committed fingerprints, and the comparison with them.
import { readFileSync } from "node:fs";

export const goldenFile = new URL("../golden/platform.json", import.meta.url);

export function readGolden() {
  return JSON.parse(readFileSync(goldenFile, "utf8"));
}

/**
 * Lists the results that differ from the committed ones, as "job/part"; empty if every bit is the same.
 * "loaded" must give the predictions of "everything".
 */
export function differences(results) {
  const golden = readGolden();
  const expected = {
    ...golden,
    ...(results.loaded && { loaded: { predictions: golden.everything.predictions } }),
  };
  const names = new Set([...Object.keys(expected), ...Object.keys(results)]);
  return [...names].flatMap((name) => {
    const parts = new Set([...Object.keys(expected[name] ?? {}), ...Object.keys(results[name] ?? {})]);
    return [...parts]
      .filter((part) => expected[name]?.[part] !== results[name]?.[part])
      .map((part) => `${name}/${part}`);
  });
}
