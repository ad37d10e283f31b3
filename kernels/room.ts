// Work space of one instance of the module. Threads have instances over one memory, each with its own room.
// The room is not static data, because an instance that starts would clear it for the running ones.
import { DEPTH } from "./constants";

/** Places in the room, in bytes. Each is a multiple of a cache line. */
// @ts-ignore: decorator
@inline
const CORNER: usize = DEPTH * 16;
// @ts-ignore: decorator
@inline
const PACKED_PAIRS: usize = CORNER + 64;
// @ts-ignore: decorator
@inline
const SCALED: usize = PACKED_PAIRS + 16 * 256 * 4;
// @ts-ignore: decorator
@inline
const PACKED_COLUMNS: usize = SCALED + 512 * 4;
// @ts-ignore: decorator
@inline
const GRAMS: usize = PACKED_COLUMNS + 8 * 512 * 4;
// @ts-ignore: decorator
@inline
const BYTES: usize = GRAMS + 128;

let room: usize = 0;

/** Sets the room of this instance: `roomBytes` bytes at a multiple of 64. Kernels need it. */
export function useRoom(address: usize): void {
  room = address;
}

export function roomBytes(): usize {
  return BYTES;
}

/** The packed rows of one tile: [DEPTH][4]. */
// @ts-ignore: decorator
@inline
export function packedRows(): usize {
  return room;
}

/** A tile of sums of the last columns: [4][4]. */
// @ts-ignore: decorator
@inline
export function cornerTile(): usize {
  return room + CORNER;
}

/** BLOCK columns of up to 256 pairs. */
// @ts-ignore: decorator
@inline
export function packedPairs(): usize {
  return room + PACKED_PAIRS;
}

/** Part of a scaled (clipped) gradient: 512 floats. */
// @ts-ignore: decorator
@inline
export function scaledGradient(): usize {
  return room + SCALED;
}

/** 512 columns of up to 8 pairs. */
// @ts-ignore: decorator
@inline
export function packedColumns(): usize {
  return room + PACKED_COLUMNS;
}

/** Inner products of three rows with three: 16 floats, twice. */
// @ts-ignore: decorator
@inline
export function grams(): usize {
  return room + GRAMS;
}
