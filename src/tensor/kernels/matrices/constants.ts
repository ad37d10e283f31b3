/**
 * Number of rows of b that a product multiplies together. They stay in the first-level cache while all rows
 * of a batch use them. A transposed b needs work space for the same number of rows.
 */
export const DEPTH = 64;
