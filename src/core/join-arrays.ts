/** Returns the values of two arrays of the same kind, one after the other. */
export function joinArrays<Values extends Float32Array | Uint8Array>(first: Values, second: Values): Values {
  const out = new (first.constructor as new (length: number) => Values)(first.length + second.length);
  out.set(first);
  out.set(second, first.length);
  return out;
}
