export function toyClipsUnavailable(): string | undefined;
export function writeToyClips(
  folder: string,
  sizes: { readonly train: number; readonly valid: number; readonly test: number },
): void;
export function makeToyClip(
  path: string,
  options: {
    readonly mood: "positive" | "negative" | "neutral";
    readonly text: string;
    readonly seed: number;
  },
): void;
