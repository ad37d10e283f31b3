/** Number of rows of an expert's weight gradient that are computed together: one cache line of x per pair. */
export const BLOCK = 16;
