import { describe, expect, it } from "vitest";
import type { Batch } from "../data/batch.js";
import { assembleBatch } from "../data/assemble-batch.js";
import { syntheticKinds } from "../data/synthetic/corrupt-view.js";
import { generateSynthetic } from "../data/synthetic/generate.js";
import { type CopyOptions, featureUnits, withCorruptedCopies } from "./corrupted-copies.js";

const { train } = generateSynthetic({ cleanOnly: true, sizes: { train: 200, valid: 2, test: 2 } }).dataset
  .splits;
const options: CopyOptions = {
  kinds: ["noise", "dropout"],
  keep: 0.25,
  teach: true,
  seed: 3,
  step: 5,
  units: featureUnits(train),
};

function rowsOf(batch: Batch, name: string, from: number, to: number): number[] {
  const table = batch.modalities[name];
  if (!table) throw new Error(`no ${name}`);
  const row = table.steps * table.width;
  return Array.from(table.values.subarray(from * row, to * row));
}

/**
 * Returns the kind that turned one vector into the other. The values show it, because each kind leaves
 * another trace.
 */
function traceOf(before: readonly number[], after: readonly number[]): string {
  const share = (holds: (now: number, was: number) => boolean): number =>
    after.filter((now, d) => holds(now, before[d] ?? NaN)).length / after.length;
  if (share((now, was) => Math.abs(now - was) < 1e-5) === 1) return "nothing";
  if (share((now, was) => now === 0 || Math.abs(now - was) < 1e-5) === 1) return "dropout";
  const inOrder = before.map((was, d) => ({ was, now: after[d] ?? NaN })).sort((a, b) => a.was - b.was);
  const rises = inOrder.every(({ now }, i) => now >= (inOrder[i - 1]?.now ?? -Infinity) - 1e-5);
  return rises ? "saturation" : "noise";
}

describe("withCorruptedCopies", () => {
  const all = assembleBatch(
    train,
    Array.from({ length: 200 }, (_, i) => i),
  );
  const doubled = withCorruptedCopies(all, options);

  it("keeps the samples and appends a copy of each, with its label and its own index", () => {
    expect(doubled.size).toBe(400);
    expect(rowsOf(doubled, "audio", 0, 200)).toEqual(rowsOf(all, "audio", 0, 200));
    expect(Array.from(doubled.labels ?? [])).toEqual([...(all.labels ?? []), ...(all.labels ?? [])]);
    expect(new Set(doubled.sampleIndex).size).toBe(400);
    expect(doubled.taught).toBeUndefined();
    expect(withCorruptedCopies(all, { ...options, teach: false }).taught).toBe(200);
  });

  it("states severities: 0 for originals and kept copies, 0.1 to 1 for the others", () => {
    for (const name of ["text", "audio", "vision"]) {
      const severity = doubled.severity?.[name] ?? new Float32Array(0);
      expect(severity.subarray(0, 200).every((s) => s === 0)).toBe(true);
      const copies = severity.subarray(200);
      for (let b = 0; b < 200; b++) {
        const same = rowsOf(doubled, name, 200 + b, 201 + b).every(
          (value, d) => Math.abs(value - (rowsOf(all, name, b, b + 1)[d] ?? NaN)) < 1e-5,
        );
        expect(same).toBe(copies[b] === 0);
      }
      expect(copies.every((s) => s === 0 || (s >= 0.1 && s <= 1))).toBe(true);
      const kept = copies.filter((s) => s === 0).length / 200;
      expect(Math.abs(kept - 0.25)).toBeLessThan(0.1);
    }
    expect(doubled.severity?.["text"]).not.toEqual(doubled.severity?.["audio"]);
  });

  it("labels each copy with its kind: 0 for none, else the place of the kind in the list", () => {
    const kinds = ["saturation", "dropout", "noise"] as const;
    const batch = withCorruptedCopies(all, { ...options, kinds, keep: 0.25 });
    for (const name of ["text", "audio", "vision"]) {
      const damage = Array.from(batch.damage?.[name] ?? []);
      const severity = Array.from(batch.severity?.[name] ?? []);
      expect(damage).toHaveLength(400);
      expect(damage.slice(0, 200).every((label) => label === 0)).toBe(true);
      expect(damage.map((label) => label > 0)).toEqual(severity.map((amount) => amount > 0));
      const seen = new Set<string>();
      for (let b = 200; b < 400; b++) {
        const kind = traceOf(rowsOf(all, name, b - 200, b - 199), rowsOf(batch, name, b, b + 1));
        expect(kind, `${name}, copy ${b}`).toBe(["nothing", ...kinds][damage[b] ?? NaN]);
        seen.add(kind);
      }
      expect(seen.size).toBe(4);
    }
  });

  it("states the applied severity: noise has twice its deviation", () => {
    const batch = withCorruptedCopies(all, { ...options, kinds: ["noise"], keep: 0 });
    const severities = batch.severity?.["text"]?.subarray(200) ?? new Float32Array(0);
    expect(new Set(severities).size).toBe(200);
    severities.forEach((severity, b) => {
      const [before, after] = [rowsOf(all, "text", b, b + 1), rowsOf(batch, "text", 200 + b, 201 + b)];
      const squares = after.reduce((sum, value, d) => sum + (value - (before[d] ?? NaN)) ** 2, 0);
      const deviation = Math.sqrt(squares / after.length) / (options.units["text"] ?? NaN);
      expect(Math.abs(deviation / (2 * severity) - 1)).toBeLessThan(0.15);
    });
  });

  it("corrupts a sample in the same way in any batch, and differently at another step or seed", () => {
    const some = withCorruptedCopies(assembleBatch(train, [9, 4]), options);
    expect(rowsOf(some, "text", 2, 3)).toEqual(rowsOf(doubled, "text", 209, 210));
    expect(rowsOf(some, "text", 3, 4)).toEqual(rowsOf(doubled, "text", 204, 205));
    for (const other of [
      { ...options, step: 6 },
      { ...options, seed: 4 },
    ]) {
      expect(withCorruptedCopies(all, other).severity).not.toEqual(doubled.severity);
    }
  });

  it.each([...syntheticKinds, "vector-dropout"])(
    "does %s in units of the features' own deviation",
    (kind) => {
      const scaled: Batch = {
        ...all,
        modalities: Object.fromEntries(
          Object.entries(all.modalities).map(([name, table]) => [
            name,
            { ...table, values: table.values.map((v) => v / 4) },
          ]),
        ),
      };
      const units = Object.fromEntries(Object.entries(options.units).map(([name, unit]) => [name, unit / 4]));
      const given = { ...options, kinds: [kind] };
      const full = rowsOf(withCorruptedCopies(all, given), "vision", 200, 220);
      const quarter = rowsOf(withCorruptedCopies(scaled, { ...given, units }), "vision", 200, 220);
      quarter.forEach((value, i) => {
        expect(4 * value).toBeCloseTo(full[i] ?? NaN, 4);
      });
      expect(full).not.toEqual(rowsOf(all, "vision", 0, 20));
    },
  );

  it("does not change padding and absent samples", () => {
    const table = {
      width: 2,
      steps: 3,
      values: new Float32Array(12).fill(1),
      mask: Uint8Array.from([1, 0, 1, 1, 1, 1]),
      present: Uint8Array.from([1, 0]),
    };
    const batch: Batch = { size: 2, sampleIndex: Int32Array.from([0, 1]), modalities: { audio: table } };
    const given = { ...options, kinds: ["noise"], keep: 0, units: {} } as const;
    const result = withCorruptedCopies(batch, given);
    const changed = Array.from({ length: 6 }, (_, step) =>
      rowsOf(result, "audio", 2, 4)
        .slice(2 * step, 2 * step + 2)
        .some((value) => value !== 1),
    );
    expect(changed).toEqual([true, false, true, false, false, false]);
    expect(Array.from(result.severity?.["audio"] ?? []).map((s) => s > 0)).toEqual([
      false,
      false,
      true,
      false,
    ]);
    expect(result.labels).toBeUndefined();
  });
});

describe("featureUnits", () => {
  it("is the root mean square over the real steps of present samples", () => {
    const table = {
      width: 2,
      steps: 2,
      values: Float32Array.from([3, 4, 100, 100, 100, 100, 100, 100]),
      mask: Uint8Array.from([1, 0, 1, 1]),
      present: Uint8Array.from([1, 0]),
    };
    const split = {
      ...train,
      size: 2,
      modalities: { audio: table, none: { ...table, present: new Uint8Array(2) } },
    };
    expect(featureUnits(split)["audio"]).toBeCloseTo(Math.sqrt(12.5), 6);
    expect(featureUnits(split)["none"]).toBe(1);
  });
});
