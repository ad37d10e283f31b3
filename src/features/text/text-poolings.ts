/**
 * How token vectors become features: their mean, the first one ([CLS]), all of them, or what the network
 * itself makes of them.
 */
export const textPoolings = ["mean", "cls", "tokens", "model"] as const;
export type TextPooling = (typeof textPoolings)[number];
