import { ConfigError } from "../../core/errors.js";
import type { RawFiles } from "../../features/raw-files.js";

/** Source of the samples to score. */
export type PredictMode =
  | { readonly kind: "features"; readonly path: string }
  | { readonly kind: "one"; readonly files: RawFiles }
  | { readonly kind: "stream"; readonly source: string }
  | {
      readonly kind: "watch";
      readonly folder: string;
      readonly interval: number;
      readonly out: string | undefined;
    };

export interface PredictSources extends RawFiles {
  readonly features?: string | undefined;
  readonly watch?: string | undefined;
  readonly interval: number;
  readonly out?: string | undefined;
  readonly available?: readonly string[] | undefined;
  readonly checkTranscript?: boolean;
}

const PARTS = ["text", "transcript", "audio", "video", "image", "media"] as const;

/**
 * Selects the source of the samples.
 * @throws ConfigError for no input, or for inputs and options that exclude each other
 */
export function predictMode(sources: PredictSources): PredictMode {
  const modes = [...featureMode(sources), ...watchMode(sources), ...clipMode(sources)];
  const [mode, other] = modes;
  if (mode && other)
    throw new ConfigError(
      "config.conflict",
      `euar predict: ${sourceName(mode)} and ${sourceName(other)} exclude each other`,
      { hint: "Give one of them." },
    );
  if (sources.out !== undefined && mode?.kind !== "watch")
    throw new ConfigError("config.conflict", "euar predict: --out requires --watch", {
      hint: "Redirect stdout instead.",
    });
  if (sources.checkTranscript === true) requireTextAndSound(sources);
  const part = PARTS.find((key) => sources[key] !== undefined);
  if (mode === undefined && part === undefined) {
    throw new ConfigError("config.invalid", "euar predict: no input is given", {
      hint: 'Give a clip, --text "...", --image FILE, --watch FOLDER, or --features FILE.',
    });
  }
  if (mode !== undefined && mode.kind !== "one" && part !== undefined) {
    throw new ConfigError(
      "config.conflict",
      `euar predict: --${part} applies to one clip, but ${sourceName(mode)} is given`,
      { hint: mode.kind === "stream" ? "Write it into the lines of the stream." : "Leave one of them out." },
    );
  }
  const { text, transcript, audio, video, image, media } = sources;
  return mode ?? { kind: "one", files: { text, transcript, audio, video, image, media } };
}

function requireTextAndSound(sources: PredictSources): void {
  const other = (["features", "available"] as const).find((key) => sources[key] !== undefined);
  if (other !== undefined)
    throw new ConfigError(
      "config.conflict",
      `euar predict: --check-transcript cannot be combined with --${other}`,
      { hint: "It compares the text of a clip with its sound, and needs both as media." },
    );
}

function featureMode({ features }: PredictSources): PredictMode[] {
  return features === undefined ? [] : [{ kind: "features", path: features }];
}

function watchMode({ watch, interval, out }: PredictSources): PredictMode[] {
  return watch === undefined ? [] : [{ kind: "watch", folder: watch, interval, out }];
}

function clipMode({ clip, text, transcript, audio, video, image, media }: PredictSources): PredictMode[] {
  if (clip === undefined) return [];
  if (clip === "-" || clip.toLowerCase().endsWith(".jsonl")) return [{ kind: "stream", source: clip }];
  return [{ kind: "one", files: { clip, text, transcript, audio, video, image, media } }];
}

function sourceName({ kind }: PredictMode): string {
  return { features: "--features", watch: "--watch", stream: "a stream of inputs", one: "a clip" }[kind];
}
