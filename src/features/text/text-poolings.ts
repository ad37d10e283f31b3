/**
 * Ways to turn token vectors into features: their mean, the first ([CLS]), the maximum of each feature, all
 * of them, or the network's own output.
 */
export const textPoolings = ["mean", "cls", "max", "tokens", "model"] as const;
/** Poolings for an encoder without a pooled output. */
export const encoderPoolings = ["mean", "cls", "max", "tokens"] as const;
export type TextPooling = (typeof textPoolings)[number];
