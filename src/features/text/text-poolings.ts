/**
 * How token vectors become features: their mean, the first one ([CLS]), the largest value of each feature,
 * all of them, or what the network itself makes of them.
 */
export const textPoolings = ["mean", "cls", "max", "tokens", "model"] as const;
/** Those of an encoder that has no pooling of its own. */
export const encoderPoolings = ["mean", "cls", "max", "tokens"] as const;
export type TextPooling = (typeof textPoolings)[number];
