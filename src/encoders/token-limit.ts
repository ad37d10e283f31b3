/** Most tokens of a text that an encoder can be asked to read. */
export const LARGEST_MAX_TOKENS = 8192;
