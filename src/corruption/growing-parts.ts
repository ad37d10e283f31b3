import { defined } from "../core/defined.js";
import { uniformAt, type RandomKey } from "../core/random.js";

/** Elements `start` to `end` - 1. */
export interface Block {
  readonly start: number;
  readonly end: number;
}

/**
 * Chooses a block of round(share * length) elements. A larger share gives a block that contains the block of
 * a smaller one.
 */
export function growingBlock(length: number, share: number, key: RandomKey): Block {
  const size = Math.round(share * length);
  const start = Math.floor(uniformAt(key, 0) * (length - size));
  return { start, end: start + size };
}

/**
 * Chooses round(share * count) of `count` elements. A larger share chooses the elements of a smaller one, and
 * more.
 * @returns [count], 1 = chosen
 */
export function growingSet(count: number, share: number, key: RandomKey): Uint8Array {
  const draws = Float64Array.from({ length: count }, (_, i) => uniformAt(key, i));
  const order = Array.from({ length: count }, (_, i) => i).sort(
    (a, b) => defined(draws[a]) - defined(draws[b]),
  );
  const chosen = new Uint8Array(count);
  for (const i of order.slice(0, Math.round(share * count))) chosen[i] = 1;
  return chosen;
}
