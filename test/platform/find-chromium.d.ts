/**
 * Returns the executable of a Chromium, Chrome or Edge: the one in EUAR_CHROMIUM, or one on the PATH.
 * Undefined if there is none.
 */
export function findChromium(): string | undefined;
