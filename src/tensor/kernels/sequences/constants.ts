/** Number of queries in a block of attention scores. */
export const QUERIES = 64;
