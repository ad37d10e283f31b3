import { z } from "zod";
import { zodIssue } from "../../core/zod-issue.js";
import type { resampleFilters } from "../../signal/resample-image.js";

/** Preprocessing of images for an encoder. */
export interface Preprocessing {
  /** Side of the square that the network reads, in pixels. */
  readonly side: number;
  /**
   * Length of the image's shorter side before the middle square is cut out. null: the whole image is
   * stretched to the square.
   */
  readonly shorter: number | null;
  readonly filter: (typeof resampleFilters)[number];
  /** Mean of each channel (red, green, blue) of values in [0, 1]. */
  readonly mean: readonly number[];
  readonly std: readonly number[];
  readonly channels: "rgb" | "bgr";
}

/**
 * Preprocessing of torchvision's ImageNet networks: the middle 224 of 256 pixels, mean and deviation of
 * ImageNet.
 */
const imageNet: Preprocessing = {
  side: 224,
  shorter: 256,
  filter: "bilinear",
  mean: [0.485, 0.456, 0.406],
  std: [0.229, 0.224, 0.225],
  channels: "rgb",
};

const extent = z.int().min(8).max(2048);
const square = z.union([
  extent,
  z.object({ height: extent, width: extent }),
  z.object({ shortest_edge: extent }),
]);
const three = z.array(z.number()).length(3);

/** Fields of preprocessor_config.json that we read. Exporters of transformers write it. */
const preprocessorSchema = z.object({
  size: square.optional(),
  crop_size: square.optional(),
  do_resize: z.boolean().default(true),
  do_center_crop: z.boolean().default(false),
  crop_pct: z.number().positive().max(1).nullish(),
  resample: z.int().nullish(),
  do_rescale: z.boolean().default(true),
  rescale_factor: z
    .number()
    .positive()
    .default(1 / 255),
  do_normalize: z.boolean().default(true),
  image_mean: three.optional(),
  image_std: three.optional(),
  do_flip_channel_order: z.boolean().nullish(),
});

/** Filters by their number in Pillow. */
const pillowFilters: readonly (Preprocessing["filter"] | undefined)[] = [
  undefined,
  "lanczos",
  "bilinear",
  "bicubic",
];

/**
 * Reads the preprocessing in a preprocessor_config.json. Returns torchvision's without one.
 * @throws Error with the reason, for an unsupported one
 */
export function readPreprocessing(config: unknown): Preprocessing {
  if (config === undefined) return imageNet;
  const parsed = preprocessorSchema.safeParse(config);
  if (!parsed.success) throw new Error(zodIssue(parsed.error));
  const {
    do_rescale: rescaled,
    rescale_factor: factor,
    do_normalize: normalised,
    image_mean: mean,
    image_std: std,
    do_flip_channel_order: flipped,
    resample,
  } = parsed.data;
  const filter = resample === undefined || resample === null ? "bilinear" : pillowFilters[resample];
  if (!filter)
    throw new Error(`resample ${resample ?? ""} is not a known filter (1 Lanczos, 2 bilinear, 3 bicubic)`);
  const levels = 255 * (rescaled ? factor : 1); // value of a white pixel before the mean is subtracted
  // the lists in the file have the order of the network's channels
  const order = flipped === true ? [2, 1, 0] : [0, 1, 2];
  const perChannel = (
    values: readonly number[] | undefined,
    otherwise: readonly number[],
    plain: number,
  ): number[] =>
    order.map((channel) => (normalised ? ((values ?? otherwise)[channel] ?? plain) : plain) / levels);
  return {
    ...readSizes(parsed.data),
    filter,
    mean: perChannel(mean, imageNet.mean, 0),
    std: perChannel(std, imageNet.std, 1),
    channels: flipped === true ? "bgr" : "rgb",
  };
}

type Sizes = Pick<
  z.infer<typeof preprocessorSchema>,
  "size" | "crop_size" | "do_resize" | "do_center_crop" | "crop_pct"
>;

function readSizes({
  size,
  crop_size: crop,
  do_resize: resizes,
  do_center_crop: crops,
  crop_pct: share,
}: Sizes): Pick<Preprocessing, "side" | "shorter"> {
  if (!resizes) throw new Error("do_resize is false, but the network needs images of one size");
  const wanted = sideOf(size) ?? imageNet.side;
  if (crops) return { side: sideOf(crop) ?? wanted, shorter: checkedShorter(wanted, sideOf(crop) ?? wanted) };
  if (share !== undefined && share !== null && wanted < 384)
    return { side: wanted, shorter: Math.floor(wanted / share) };
  return typeof size === "object" && "shortest_edge" in size
    ? { side: wanted, shorter: wanted }
    : { side: wanted, shorter: null };
}

function checkedShorter(shorter: number, side: number): number {
  if (shorter < side) throw new Error(`crop_size ${side} is larger than size ${shorter}`);
  return shorter;
}

function sideOf(size: z.infer<typeof square> | undefined): number | undefined {
  if (size === undefined || typeof size === "number") return size;
  if ("shortest_edge" in size) return size.shortest_edge;
  if (size.width !== size.height)
    throw new Error(`images of ${size.width} x ${size.height} pixels: only squares are supported`);
  return size.width;
}
