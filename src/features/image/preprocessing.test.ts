import { describe, expect, it } from "vitest";
import type { ImageMedia } from "../media.js";
import { networkInput } from "./network-input.js";
import { type Preprocessing, readPreprocessing } from "./preprocessing.js";

describe("readPreprocessing", () => {
  it("is torchvision's by default", () => {
    expect(readPreprocessing(undefined)).toEqual({
      side: 224,
      shorter: 256,
      filter: "bilinear",
      mean: [0.485, 0.456, 0.406],
      std: [0.229, 0.224, 0.225],
      channels: "rgb",
    });
  });

  it.each([
    [
      "a square, stretched (ViT)",
      { size: { height: 384, width: 384 }, resample: 2 },
      { side: 384, shorter: null, filter: "bilinear" },
    ],
    ["a number, stretched (older ViT)", { size: 224, do_center_crop: false }, { side: 224, shorter: null }],
    [
      "the middle of the shorter side (CLIP)",
      {
        size: { shortest_edge: 224 },
        crop_size: { height: 224, width: 224 },
        do_center_crop: true,
        resample: 3,
      },
      { side: 224, shorter: 224, filter: "bicubic" },
    ],
    [
      "a share of the shorter side (ResNet of transformers)",
      { size: { shortest_edge: 224 }, crop_pct: 0.875, resample: 3 },
      { side: 224, shorter: 256 },
    ],
    [
      "a larger one without a margin",
      { size: { shortest_edge: 384 }, crop_pct: 1 },
      { side: 384, shorter: 384 },
    ],
    [
      "a crop within the size",
      { size: 256, crop_size: 240, do_center_crop: true },
      { side: 240, shorter: 256 },
    ],
  ] as const)("%s", (_what, config, expected) => {
    expect(readPreprocessing(config)).toMatchObject(expected);
  });

  it("brings levels to [0, 1] whatever the file scales them by", () => {
    const half = readPreprocessing({
      rescale_factor: 1 / 127.5,
      image_mean: [1, 1, 1],
      image_std: [1, 1, 1],
    });
    // (v / 127.5 - 1) / 1 = (v / 255 - 0.5) / 0.5
    expect([...half.mean, ...half.std]).toEqual(expect.arrayContaining([0.5]));
    const levels = readPreprocessing({
      do_rescale: false,
      image_mean: [51, 102, 255],
      image_std: [255, 255, 51],
    });
    expect([levels.mean, levels.std]).toEqual([
      [0.2, 0.4, 1],
      [1, 1, 0.2],
    ]);
    expect(readPreprocessing({ do_normalize: false })).toMatchObject({ mean: [0, 0, 0], std: [1, 1, 1] });
  });

  it("reverses lists in the order blue, green, red", () => {
    expect(
      readPreprocessing({
        do_flip_channel_order: true,
        do_rescale: true,
        image_mean: [0.1, 0.2, 0.3],
        image_std: [1, 1, 1],
      }),
    ).toMatchObject({ channels: "bgr", mean: [0.3, 0.2, 0.1] });
  });

  it.each([
    [{ size: { height: 100, width: 200 } }, "only squares"],
    [{ size: 1_000_000 }, "size"],
    [{ size: 224, crop_size: 256, do_center_crop: true }, "larger than size"],
    [{ do_resize: false }, "do_resize"],
    [{ resample: 0 }, "is not a known filter"],
    [{ image_mean: [1] }, "image_mean"],
    [{ rescale_factor: 0 }, "rescale_factor"],
  ])("refuses %j", (config, message) => {
    expect(() => readPreprocessing(config)).toThrow(message);
  });
});

describe("networkInput", () => {
  const plain: Preprocessing = {
    side: 8,
    shorter: 8,
    filter: "bilinear",
    mean: [0.5, 0, 0],
    std: [0.5, 1, 1],
    channels: "rgb",
  };
  /** Left third red, middle third green, right third blue. */
  const flag: ImageMedia = {
    width: 24,
    height: 8,
    rgb: Uint8Array.from({ length: 24 * 8 * 3 }, (_, i) =>
      Math.floor((Math.floor(i / 3) % 24) / 8) === i % 3 ? 255 : 0,
    ),
  };

  it("uses the middle of an image, or all of it", () => {
    expect([...networkInput(flag, plain, "nhwc").slice(0, 3)]).toEqual([-1, 1, 0]);
    const whole = networkInput(flag, { ...plain, shorter: null }, "nhwc");
    expect([...whole.slice(0, 3)]).toEqual([1, 0, 0]);
    expect([...whole.slice(-3)]).toEqual([-1, 0, 1]);
  });

  it("is the same picture in both layouts, and with channels turned around", () => {
    const [rows, planes, turned] = [
      networkInput(flag, plain, "nhwc"),
      networkInput(flag, plain, "nchw"),
      networkInput(flag, { ...plain, channels: "bgr" }, "nhwc"),
    ];
    for (let i = 0; i < 64; i++) {
      for (let c = 0; c < 3; c++) {
        expect(planes[c * 64 + i]).toBe(rows[i * 3 + c]);
        expect(turned[i * 3 + 2 - c]).toBe(rows[i * 3 + c]);
      }
    }
  });

  it("cuts out as torchvision does: int(256 * 101 / 50) = 517, round((517 - 224) / 2) = 146", () => {
    const image: ImageMedia = {
      width: 101,
      height: 50,
      rgb: Uint8Array.from({ length: 101 * 50 * 3 }, (_, i) => (Math.floor(i / 3) % 101) * 2),
    };
    const input = networkInput(
      image,
      { ...plain, side: 224, shorter: 256, mean: [0, 0, 0], std: [1, 1, 1] },
      "nchw",
    );
    // The level at column x of the resized image is 2 * ((x + 0.5) * 101 / 517 - 0.5), x from 146 on.
    expect((input[0] ?? NaN) * 255).toBeCloseTo(2 * ((146.5 * 101) / 517 - 0.5), 3);
  });
});
