/**
 * The executable of a Chromium, Chrome or Edge: the one that EUAR_CHROMIUM names, or one on the path;
 * undefined if there is none.
 */
export function findChromium(): string | undefined;
