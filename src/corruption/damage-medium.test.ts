import { describe, expect, it } from "vitest";
import { EuarError } from "../core/errors.js";
import { codeOf } from "../core/testing/code-of.js";
import { damageMedium, type DamageStep } from "./damage-medium.js";
import { type DamagePart, parseDamage, showDamage } from "./damage-specification.js";
import type { MediaDamage } from "./media-damage.js";

function messageOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof EuarError && error.code === "config.invalid") return error.message;
    throw error;
  }
  return "no error";
}

describe("parseDamage", () => {
  it.each<[string, DamagePart[]]>([
    ["audio=babble:0.6", [{ modality: "audio", kind: "babble", severity: [0.6, 0.6] }]],
    [
      "audio=babble:.6@0.2-0.8, text=typos:0.1-1",
      [
        {
          modality: "audio",
          kind: "babble",
          severity: [0.6, 0.6],
          span: { unit: "share", start: 0.2, end: 0.8 },
        },
        { modality: "text", kind: "typos", severity: [0.1, 1] },
      ],
    ],
    [
      "vision=blur@1s-4.5s",
      [{ modality: "vision", kind: "blur", span: { unit: "seconds", start: 1, end: 4.5 } }],
    ],
  ])("reads %s", (text, expected) => {
    expect(parseDamage(text)).toEqual(expected);
    expect(parseDamage(expected.map(showDamage).join(","))).toEqual(expected);
  });

  it.each([
    ["", /a part is empty/],
    ["audio=babble:0.6,", /a part is empty/],
    ["babble:0.6", /not MODALITY=KIND/],
    ["audio=babble:2", /"2" is neither a severity/],
    ["audio=babble:0.9-0.1", /neither a severity/],
    ["audio=babble:", /neither a severity/],
    ["audio=babble:0.5@", /neither a span/],
    ["audio=babble:0.5@0.8-0.2", /neither a span/],
    ["audio=babble:0.5@0.5-2", /neither a span/],
    ["audio=babble:0.5@1s-4", /neither a span/],
    ["audio=babble:1e-1", /neither a severity/],
  ])("refuses %j", (text, expected) => {
    expect(messageOf(() => parseDamage(text))).toMatch(expected);
  });
});

/** Notes what it was called with. */
const noting: MediaDamage<readonly string[]> = {
  summary: "a note is added",
  unit: "notes",
  amountAt: (severity) => severity,
  apply: (medium, severity, { key, span, other }) => [
    ...medium,
    `${severity} ${span.start}-${span.end} ${key.k0} ${other?.join() ?? ""}`,
  ],
};

describe("damageMedium", () => {
  const draw = { seed: 1, modality: "audio", id: "a" };
  const steps: DamageStep[] = [
    { kind: "note", severity: 0.5 },
    { kind: "note", severity: 0.5, span: { unit: "seconds", start: 1, end: 9 } },
  ];
  const media = { medium: [], seconds: 4, other: ["other"] };

  it("applies the steps in order, with other draws for each, and turns seconds into shares", () => {
    const [first = "", second = ""] = damageMedium({ note: noting }, media, steps, draw);
    expect(first).toMatch(/^0.5 0-1 \d+ other$/);
    expect(second).toMatch(/^0.5 0.25-1 \d+ other$/);
    expect(first.split(" ")[2]).not.toBe(second.split(" ")[2]);
    expect(media.medium).toEqual([]);
  });

  it("has separate draws for each seed, modality and sample", () => {
    const draws = [draw, { ...draw, seed: 2 }, { ...draw, modality: "voice" }, { ...draw, id: "b" }];
    const notes = draws.map((each) => damageMedium({ note: noting }, media, steps.slice(0, 1), each)[0]);
    expect(new Set(notes).size).toBe(4);
  });

  it("refuses an unknown kind, and seconds without a length or beyond it", () => {
    const withSeconds = (seconds: number | undefined): string =>
      messageOf(() => damageMedium({ note: noting }, { medium: [], seconds }, steps, draw));
    expect(withSeconds(undefined)).toMatch(/needs a medium that has a length/);
    expect(withSeconds(0.5)).toMatch(/begins at 1 s, but the medium ends at 0.50 s/);
    expect(codeOf(() => damageMedium({ note: noting }, media, [{ kind: "nose", severity: 1 }], draw))).toBe(
      "config.invalid",
    );
  });
});
