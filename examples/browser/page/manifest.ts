/** What the page is for: a picture with a caption, or a recorded clip. */
export type Kind = "post" | "clip";

export interface ModelEntry {
  /** Address of the weight file, relative to the page. */
  readonly weights: string;
  readonly name: string;
  /** Trained on a handful of made-up samples, to show the page and nothing else. */
  readonly toy: boolean;
}

/** manifest.json: which models this page was put together with, and why one may be missing. */
export interface Manifest extends Partial<Record<Kind, ModelEntry>> {
  readonly unavailable: Partial<Record<Kind, string>>;
}

export async function readManifest(): Promise<Manifest> {
  return (await (await fetch("manifest.json")).json()) as Manifest;
}
