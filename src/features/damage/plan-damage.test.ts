import { expect, it } from "vitest";
import { parseDamage } from "../../corruption/damage-specification.js";
import { defined } from "../../core/defined.js";
import type { Sample } from "../extract/sample.js";
import { planCopies, planDamage } from "./plan-damage.js";

const modalities = [
  { name: "text", kind: "text" },
  { name: "audio", kind: "audio" },
] as const;

const samples = Array.from({ length: 200 }, (_, n): Sample => ({
  id: `s${n}`,
  split: "train",
  label: "good",
  texts: { text: "so good" },
  files: n % 4 === 0 ? {} : { audio: `${n}.wav` },
  transcript: undefined,
}));

function request(specification: string, seed = 1): Parameters<typeof planDamage>[1] {
  return { parts: parseDamage(specification), seed, modalities };
}

it("applies every part in order, to the samples that have the modality", () => {
  const planned = planDamage(samples, request("audio=mute:0.5@0.2-0.4,audio=speed:0.1-0.3,text=typos:1"));
  planned.forEach(({ damage }, n) => {
    expect(damage?.on["text"]).toEqual({ steps: [{ kind: "typos", severity: 1 }] });
    const [first, second] = damage?.on["audio"]?.steps ?? [];
    if (n % 4 === 0) expect(damage?.on["audio"]).toBeUndefined();
    else {
      expect(first).toEqual({ kind: "mute", severity: 0.5, span: { unit: "share", start: 0.2, end: 0.4 } });
      expect(second?.severity).toBeGreaterThanOrEqual(0.1);
      expect(second?.severity).toBeLessThanOrEqual(0.3);
    }
  });
  const drawn = planned.flatMap(({ damage }) => damage?.on["audio"]?.steps[1]?.severity ?? []);
  expect(new Set(drawn).size).toBe(150);
});

it("mixes in another sample that has the medium, once each", () => {
  const planned = planDamage(samples, request("audio=wrong-clip:1"));
  const others = planned.flatMap(({ id, damage }) => {
    const other = damage?.on["audio"]?.other;
    return other === undefined ? [] : [{ id, other }];
  });
  expect(others).toHaveLength(150);
  expect(new Set(others.map(({ other }) => other.id)).size).toBe(150);
  expect(others.every(({ id, other }) => id !== other.id && other.files["audio"] !== undefined)).toBe(true);
});

it("plans a sample in the same way in any order, and differently with another seed", () => {
  const specification = "audio=speed:0-1,audio=wrong-clip:0.2-1,text=typos";
  const plan = planDamage(samples, request(specification));
  expect(planDamage([...samples].reverse(), request(specification)).reverse()).toEqual(plan);
  expect(planDamage(samples, request(specification, 2))).not.toEqual(plan);
});

it("gives each copy at least one corrupted modality, half of the others, and each kind as often", () => {
  const copies = planCopies(samples, request("text=typos,audio=mute,audio=speed,audio=clipping:0.5"), 3);
  expect(copies).toHaveLength(600);
  expect(copies.map(({ original }) => original)).toEqual([0, 1, 2].flatMap(() => samples.map((_, n) => n)));
  const done = copies.map(({ sample }) => sample.damage?.on ?? {});
  expect(done.every((on) => Object.keys(on).length > 0)).toBe(true);
  const twoInputs = done.filter((_, i) => defined(copies[i]).original % 4 !== 0);
  const share = (holds: (on: (typeof done)[number]) => boolean): number =>
    twoInputs.filter(holds).length / twoInputs.length;
  expect(share((on) => Object.keys(on).length === 2)).toBeCloseTo(0.25, 1);
  expect(share((on) => on["text"] !== undefined)).toBeCloseTo(0.625, 1);
  const kinds = done.flatMap((on) => on["audio"]?.steps.map(({ kind }) => kind) ?? []);
  for (const kind of ["mute", "speed", "clipping"])
    expect(kinds.filter((each) => each === kind).length / kinds.length).toBeCloseTo(1 / 3, 1);
  const severities = done.flatMap((on) => on["text"]?.steps.map(({ severity }) => severity) ?? []);
  expect(Math.min(...severities)).toBeGreaterThanOrEqual(0.1);
  expect(Math.max(...severities)).toBeGreaterThan(0.9);
  expect(new Set(copies.map(({ sample }) => sample.damage?.id)).size).toBe(600);
});
