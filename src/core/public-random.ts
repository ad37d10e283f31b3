import { checkedCall, must, objectOf, rules, TEXT } from "./checked-call.js";
import * as random from "./random.js";

// The random numbers of `euar/tensor`, with the types of their arguments checked. Code of this package calls
// src/core/random.ts itself: a draw checks nothing.

const WHOLE = must(rules.whole);
const KEY = objectOf("a key, such as randomKey gives", { k0: rules.whole, k1: rules.whole });
/** Values of the longest permutation, whose array every engine can make. */
const LONGEST = 2 ** 30;
const LENGTH = must({
  expected: `a whole number of at most ${LONGEST}`,
  holds: (value) => rules.whole.holds(value) && Number(value) <= LONGEST,
});

export const foldIn = checkedCall("foldIn", random.foldIn, [KEY, WHOLE]);
export const integerAt = checkedCall("integerAt", random.integerAt, [KEY, WHOLE, must(rules.count)]);
export const normalAt = checkedCall("normalAt", random.normalAt, [KEY, WHOLE]);
export const permutation = checkedCall("permutation", random.permutation, [KEY, LENGTH]);
export const randomKey = checkedCall("randomKey", random.randomKey, [WHOLE, TEXT]);
export const uniformAt = checkedCall("uniformAt", random.uniformAt, [KEY, WHOLE]);
