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
