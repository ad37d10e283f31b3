/** Kind of a sample: a picture with a caption, or a recorded clip. */
export type Kind = "post" | "clip";

export interface ModelEntry {
  /** Address of the weight file, relative to the page. */
  readonly weights: string;
  readonly name: string;
  /** True if trained on a few made-up samples, only to demonstrate the page. */
  readonly toy: boolean;
}

/** Content of manifest.json: the models of this page, and why one may be missing. */
export interface Manifest extends Partial<Record<Kind, ModelEntry>> {
  readonly unavailable: Partial<Record<Kind, string>>;
}

export async function readManifest(): Promise<Manifest> {
  return (await (await fetch("manifest.json")).json()) as Manifest;
}
