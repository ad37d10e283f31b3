/**
 * Rows of b that a product multiplies at a time. They stay in the first-level cache while all rows of a batch
 * use them. A transposed b needs work space for as many.
 */
export const DEPTH = 64;
