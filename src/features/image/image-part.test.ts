import { expect, it } from "vitest";
import { imagePart } from "./image-part.js";

/** A pixel's bytes are its column, its row and 7. */
function grid(width: number, height: number): { width: number; height: number; rgb: Uint8Array } {
  const rgb = Uint8Array.from({ length: width * height * 3 }, (_, i) => {
    const pixel = Math.floor(i / 3);
    return [pixel % width, Math.floor(pixel / width), 7][i % 3] ?? 0;
  });
  return { width, height, rgb };
}

it("halves of an image are cut at half its width", () => {
  expect(imagePart(grid(4, 2), "left")).toEqual(grid(2, 2));
  const right = imagePart(grid(4, 2), "right");
  expect(Array.from(right.rgb)).toEqual([2, 0, 7, 3, 0, 7, 2, 1, 7, 3, 1, 7]);
});

it("the middle column of an odd width is in neither", () => {
  const columns = (part: "left" | "right"): number[] =>
    Array.from(imagePart(grid(5, 1), part).rgb).filter((_, i) => i % 3 === 0);
  expect(columns("left")).toEqual([0, 1]);
  expect(columns("right")).toEqual([3, 4]);
  expect(() => imagePart(grid(1, 3), "left")).toThrow("cannot be a pair of images");
});
