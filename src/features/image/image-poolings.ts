/** How a sequence of patches, as vision transformers give it, becomes one vector. */
export const patchPoolings = ["mean", "cls"] as const;
export type PatchPooling = (typeof patchPoolings)[number];
