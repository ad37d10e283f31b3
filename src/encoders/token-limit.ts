/** Largest number of tokens per text that an encoder can be set to read. */
export const LARGEST_MAX_TOKENS = 8192;
