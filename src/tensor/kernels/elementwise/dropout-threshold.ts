/** Smallest random word that keeps its value: (word + 1/2) / 2^32 >= rate, in integers. */
export function dropoutThreshold(rate: number): number {
  return Math.max(0, Math.ceil(rate * 4294967296 - 0.5));
}
