import { checkedCall, must, objectOf, rules, TEXT } from "./checked-call.js";
import * as random from "./random.js";

// The random numbers of `euar/tensor`, with the types of their arguments checked. Code of this package calls
// src/core/random.ts directly, which checks nothing and is faster.

const WHOLE = must(rules.whole);
const KEY = objectOf("a key, as randomKey returns it", { k0: rules.whole, k1: rules.whole });
/** Length of the longest permutation. Every engine can make an array of this length. */
const LONGEST = 2 ** 30;
const LENGTH = must({
  expected: `a whole number of at most ${LONGEST}`,
  holds: (value) => rules.whole.holds(value) && Number(value) <= LONGEST,
});

/** Derives a key for one index, such as a step, an epoch or a sample. */
export const foldIn = checkedCall("foldIn", random.foldIn, [KEY, WHOLE]);
/** Returns draw `index` of the stream `key` as an integer in [0, bound). Its bias is below bound / 2^32. */
export const integerAt = checkedCall("integerAt", random.integerAt, [KEY, WHOLE, must(rules.count)]);
/** Returns draw `index` of the stream `key` as a standard normal number. */
export const normalAt = checkedCall("normalAt", random.normalAt, [KEY, WHOLE]);
/** Returns a permutation of 0..n-1 (Fisher-Yates). The same key gives the same permutation. */
export const permutation = checkedCall("permutation", random.permutation, [KEY, LENGTH]);
/**
 * Returns the key of one stream of random numbers.
 *
 * The seed is a non-negative safe integer. The purpose is the name of the stream, such as "dropout/text".
 * Streams with different names are independent.
 */
export const randomKey = checkedCall("randomKey", random.randomKey, [WHOLE, TEXT]);
/** Returns draw `index` of the stream `key` as a number in the open interval (0, 1), with 32 bits. */
export const uniformAt = checkedCall("uniformAt", random.uniformAt, [KEY, WHOLE]);
