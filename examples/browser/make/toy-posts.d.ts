export function writeToyPosts(
  folder: string,
  sizes: { readonly train: number; readonly dev: number; readonly test: number },
): Promise<void>;
export function toyPicture(mood: "positive" | "negative" | "neutral", seed: number): Promise<Buffer>;
