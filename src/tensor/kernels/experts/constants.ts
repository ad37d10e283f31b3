/** Rows of an expert's weight gradient that are computed at a time: one cache line of x per pair. */
export const BLOCK = 16;
