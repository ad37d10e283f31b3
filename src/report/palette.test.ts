import { describe, expect, it } from "vitest";
import { type ColourName, palette } from "./palette.js";

type Channels = readonly [number, number, number];

function channels(hex: string): Channels {
  const at = (i: number): number => parseInt(hex.slice(i, i + 2), 16) / 255;
  return [at(1), at(3), at(5)];
}

/** Relative luminance (WCAG 2.2). */
function luminance([r, g, b]: Channels): number {
  const linear = (value: number): number =>
    value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  return 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
}

function contrast(a: Channels, b: Channels): number {
  const [low = 0, high = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

function blend(over: Channels, under: Channels, share: number): Channels {
  const mixed = (i: 0 | 1 | 2): number => share * over[i] + (1 - share) * under[i];
  return [mixed(0), mixed(1), mixed(2)];
}

describe.each(["light", "dark"] as const)("the palette on %s", (scheme) => {
  const of = (name: ColourName): Channels => channels(palette[name][scheme]);
  it.each(["ink", "soft", "blue"] as const)("has text in %s that can be read", (name) => {
    expect(contrast(of(name), of("page"))).toBeGreaterThan(4.5);
  });
  it.each(["blue", "orange", "green", "purple", "red", "teal", "brown", "pink"] as const)(
    "has lines in %s that can be seen",
    (name) => {
      expect(contrast(of(name), of("page"))).toBeGreaterThan(3);
    },
  );
  it("has text that can be read on the darkest cell of a heat map", () => {
    expect(contrast(of("ink"), blend(of("blue"), of("page"), 0.5))).toBeGreaterThan(4.5);
  });
});
