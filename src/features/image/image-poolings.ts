/** Ways to turn a sequence of patches of a vision transformer into one vector. */
export const patchPoolings = ["mean", "cls"] as const;
export type PatchPooling = (typeof patchPoolings)[number];
