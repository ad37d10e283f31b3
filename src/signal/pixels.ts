/** Picture as bytes: [height, width, 3] sRGB levels, row-major, without alpha. */
export interface PixelImage {
  readonly width: number;
  readonly height: number;
  readonly rgb: Uint8Array;
}

/** Picture as numbers: [height, width, 3]. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly values: Float32Array;
}

/** Luma of ITU-R BT.601. */
export function luma(red: number, green: number, blue: number): number {
  return 0.299 * red + 0.587 * green + 0.114 * blue;
}
