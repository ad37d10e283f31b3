import { describe, expect, it } from "vitest";
import { generateSynthetic } from "../data/synthetic/generate.js";
import type { ModalityTable, Split } from "../data/dataset.js";
import { fitNormaliser } from "../data/normaliser.js";
import { corruptSplit } from "./corrupt-split.js";
import { parseCorruption } from "./parse-corruption.js";

const clean = generateSynthetic({ seed: 5, cleanOnly: true, sizes: { train: 300, valid: 2, test: 2 } })
  .dataset.splits.train;
const normaliser = fitNormaliser(clean);

function table(split: Split, name: string): ModalityTable {
  const found = split.modalities[name];
  if (found === undefined) throw new Error(`no ${name}`);
  return found;
}

/** Rows of a split, in another order. */
function reorder(split: Split, rows: readonly number[]): Split {
  const modalities = Object.entries(split.modalities).map(
    ([name, { width, steps, values, mask, present }]) => {
      const row = steps * width;
      const picked = Float32Array.from(rows.flatMap((n) => [...values.subarray(n * row, (n + 1) * row)]));
      const masks = Uint8Array.from(rows.flatMap((n) => [...mask.subarray(n * steps, (n + 1) * steps)]));
      return [
        name,
        { width, steps, values: picked, mask: masks, present: Uint8Array.from(rows, (n) => present[n] ?? 0) },
      ] as const;
    },
  );
  return {
    name: split.name,
    size: rows.length,
    ids: rows.map((n) => split.ids[n] ?? ""),
    labels: new Float32Array(rows.length),
    modalities: Object.fromEntries(modalities),
  };
}

const sequences: Split = {
  name: "test",
  size: 2,
  ids: ["a", "b"],
  labels: new Float32Array(2),
  modalities: {
    audio: {
      width: 1,
      steps: 10,
      values: new Float32Array(20).map((_, i) => (i < 4 ? 0 : i)),
      mask: Uint8Array.from({ length: 20 }, (_, i) => (i < 4 ? 0 : 1)),
      present: Uint8Array.of(1, 1),
    },
  },
};

describe("corruptSplit", () => {
  it("adds noise of the requested size, in standard deviations of the training data", () => {
    const noisy = corruptSplit(clean, parseCorruption("audio=gaussian:0.5"), { seed: 1, normaliser });
    const { std } = normaliser.modalities["audio"] ?? { std: [] };
    const before = table(clean, "audio").values;
    let sum = 0;
    table(noisy, "audio").values.forEach(
      (value, i) => (sum += ((value - (before[i] ?? 0)) / (std[i % 74] ?? 1)) ** 2),
    );
    expect(Math.sqrt(sum / before.length)).toBeCloseTo(0.5, 2);
    expect(table(noisy, "text")).toBe(table(clean, "text"));
    expect(noisy.corruption?.["audio"]?.severity[7]).toBe(0.5);
    expect(noisy.corruption?.["audio"]?.kind[7]).toBe("gaussian");
  });

  it.each(["gaussian:1", "dropout:0.4", "vector-dropout:0.5", "missing:0.5", "text=gaussian:1,gaussian:1"])(
    "%s does to a sample the same in any order and company",
    (specification) => {
      const rows = [17, 3, 250];
      const whole = corruptSplit(clean, parseCorruption(specification), { seed: 2, normaliser });
      const few = corruptSplit(reorder(clean, rows), parseCorruption(specification), { seed: 2, normaliser });
      for (const name of ["text", "audio", "vision"]) {
        const expected = table(reorder(whole, rows), name);
        expect(table(few, name).values).toEqual(expected.values);
        expect(table(few, name).present).toEqual(expected.present);
      }
    },
  );

  it("repeats itself for the same seed and differs for another, and a second round is new noise", () => {
    const once = parseCorruption("gaussian:1");
    const values = (specification: typeof once, seed: number): Float32Array =>
      table(corruptSplit(clean, specification, { seed }), "vision").values;
    expect(values(once, 1)).toEqual(values(once, 1));
    expect(values(once, 1)).not.toEqual(values(once, 2));
    const base = table(clean, "vision").values;
    const [one, two] = [values(once, 1), values([...once, ...once], 1)];
    expect((two[0] ?? 0) - (one[0] ?? 0)).not.toBeCloseTo((one[0] ?? 0) - (base[0] ?? 0), 3);
  });

  it("does not change the original, and an amount of 0 changes nothing", () => {
    const before = table(clean, "text").values.slice();
    corruptSplit(clean, parseCorruption("gaussian:3,dropout:1,missing:0.9"));
    expect(Buffer.compare(Buffer.from(table(clean, "text").values.buffer), Buffer.from(before.buffer))).toBe(
      0,
    );
    expect(corruptSplit(clean, parseCorruption("gaussian:0,missing:0"))).toBe(clean);
  });

  it("dropout replaces the requested share by the training mean", () => {
    const split = corruptSplit(clean, parseCorruption("text=dropout:0.3"), { normaliser });
    const { mean } = normaliser.modalities["text"] ?? { mean: [] };
    const lost = table(split, "text").values.reduce(
      (count, value, i) => count + (value === Math.fround(mean[i % 768] ?? 1) ? 1 : 0),
      0,
    );
    expect(lost / table(split, "text").values.length).toBeCloseTo(0.3, 2);
    expect(split.corruption?.["text"]?.severity[0]).toBeGreaterThan(0.2);
  });

  it.each([
    [0.3, 0.3],
    [0.6, 0.6],
    [0.9, 2 / 3],
  ])("missing:%d takes away %d of the slots and never a whole sample", (rate, share) => {
    const split = corruptSplit(clean, [{ kind: "missing", amount: rate }], { seed: 3 });
    let missing = 0;
    for (let n = 0; n < split.size; n++) {
      const here = ["text", "audio", "vision"].filter((name) => table(split, name).present[n] === 1).length;
      expect(here).toBeGreaterThan(0);
      missing += 3 - here;
    }
    expect(Math.abs(missing / (3 * split.size) - share)).toBeLessThan(0.03);
  });

  it("removes named modalities at their own rates, all at once", () => {
    const missing = (specification: string): number[] => {
      const split = corruptSplit(clean, parseCorruption(specification), { seed: 3 });
      return ["text", "audio", "vision"].map(
        (name) => table(split, name).present.filter((here) => here === 0).length / split.size,
      );
    };
    const rates = missing("text=missing:0.2,audio=missing:0.5,vision=missing:0.8");
    [0.2, 0.5, 0.8].forEach((rate, m) => {
      expect(Math.abs((rates[m] ?? NaN) - rate)).toBeLessThan(0.05);
    });
    expect(missing("audio=missing:1")).toEqual([0, 1, 0]);
    // equal rates are those of "missing" without a name
    const equal = parseCorruption("text=missing:0.4,audio=missing:0.4,vision=missing:0.4");
    const both = [equal, parseCorruption("missing:0.4")].map((parts) => corruptSplit(clean, parts));
    expect(both[0]).toEqual(both[1]);
    expect(() => corruptSplit(clean, parseCorruption("tex=missing:0.5"))).toThrow(/no modality "tex"/);
  });

  it("a larger rate removes everything that a smaller one removes, and more", () => {
    for (const kind of [
      "missing",
      "frame-drop",
      "structural-drop",
      "frame-zero",
      "structural-zero",
    ] as const) {
      const source = kind === "missing" ? clean : sequences;
      const gone = (amount: number): boolean[] => {
        const { values, present } = table(corruptSplit(source, [{ kind, amount }]), "audio");
        return kind === "missing"
          ? Array.from(present, (p) => p === 0)
          : Array.from(values, (value) => value === 0);
      };
      const [less, more] = [gone(0.3), gone(0.6)];
      expect(less.every((was, i) => !was || more[i] === true)).toBe(true);
      expect(more.filter(Boolean).length).toBeGreaterThan(less.filter(Boolean).length);
    }
  });

  it("structural drop removes one block of round(length * rate) real steps, never padding", () => {
    const split = corruptSplit(sequences, parseCorruption("structural-drop:0.5"));
    const lost = (n: number): number[] =>
      Array.from(
        table(split, "audio")
          .values.subarray(n * 10, n * 10 + 10)
          .keys(),
      ).filter(
        (t) => table(split, "audio").values[n * 10 + t] === 0 && table(split, "audio").mask[n * 10 + t] === 1,
      );
    expect(lost(0)).toHaveLength(3);
    expect(lost(1)).toHaveLength(5);
    expect((lost(1)[4] ?? 0) - (lost(1)[0] ?? 0)).toBe(4);
    expect(split.corruption?.["audio"]?.severity[0]).toBe(0.5);
  });

  it("frame-drop:1 loses every real step, and the mask stays", () => {
    const split = corruptSplit(sequences, parseCorruption("frame-drop:1"));
    expect(table(split, "audio").values.every((value) => value === 0)).toBe(true);
    expect(table(split, "audio").mask).toEqual(table(sequences, "audio").mask);
  });

  it.each([
    "frame-drop",
    "structural-drop",
    "frame-zero",
    "structural-zero",
    "missing",
    "dropout",
    "vector-dropout",
  ] as const)("%s: each larger rate hits all that a smaller one hit", (kind) => {
    const source: Split = {
      ...sequences,
      modalities: {
        audio: { ...table(sequences, "audio"), values: new Float32Array(20).fill(7) },
        text: { ...table(sequences, "audio"), values: new Float32Array(20).fill(7) },
      },
    };
    for (let seed = 1; seed <= 20; seed++) {
      let before: number[] = [];
      for (let step = 0; step <= 20; step++) {
        const { values, present } = table(
          corruptSplit(source, [{ kind, amount: step / 20 }], { seed }),
          "audio",
        );
        const hit = Array.from(values).flatMap((value, i) =>
          value === 0 || present[Math.floor(i / 10)] === 0 ? [i] : [],
        );
        expect(
          before.filter((i) => !hit.includes(i)),
          `seed ${seed}, rate ${step / 20}`,
        ).toEqual([]);
        before = hit;
      }
    }
  });

  it("frame-zero and structural-zero write zeros, frame-drop and structural-drop the mean", () => {
    const means = { ...fitNormaliser(sequences), modalities: { audio: { mean: [5], std: [1] } } };
    const lost = (specification: string): number[] => [
      ...new Set(
        table(
          corruptSplit(sequences, parseCorruption(specification), { normaliser: means }),
          "audio",
        ).values.subarray(10),
      ),
    ];
    expect(lost("frame-zero:1")).toEqual([0]);
    expect(lost("structural-zero:1")).toEqual([0]);
    expect(lost("frame-drop:1")).toEqual([5]);
    expect(lost("structural-drop:1")).toEqual([5]);
  });

  it("missing removes the same modalities in any order of them", () => {
    const turned: Split = {
      ...clean,
      modalities: Object.fromEntries(Object.entries(clean.modalities).reverse()),
    };
    for (const name of ["text", "audio", "vision"]) {
      expect(table(corruptSplit(turned, parseCorruption("missing:0.5")), name).present).toEqual(
        table(corruptSplit(clean, parseCorruption("missing:0.5")), name).present,
      );
    }
  });

  it("swap mixes in another sample of the split, whatever the order of the samples", () => {
    const [before, after] = [clean, corruptSplit(clean, parseCorruption("audio=swap:1"))].map((split) =>
      table(split, "audio"),
    );
    if (!before || !after) throw new Error("the data have audio");
    const rowOf = ({ values, width }: ModalityTable, n: number): string =>
      Array.from(values.subarray(n * width, (n + 1) * width), (value) => value.toFixed(4)).join();
    const rows = clean.ids.map((_, n) => n);
    const originals = rows.map((n) => rowOf(before, n));
    const partners = rows.map((n) => originals.indexOf(rowOf(after, n)));
    expect(new Set(partners)).toEqual(new Set(rows));
    expect(partners.every((partner, n) => partner !== n)).toBe(true);
    const backwards = [...rows].reverse();
    const turned = table(corruptSplit(reorder(clean, backwards), parseCorruption("audio=swap:1")), "audio");
    expect(backwards.map((n) => rowOf(turned, n))).toEqual(rows.map((n) => rowOf(after, n)));
  });

  it("keeps the record of earlier corruption", () => {
    const damaged: Split = {
      ...sequences,
      corruption: { audio: { severity: Float32Array.of(0.25, 0), kind: ["noise", "clean"] } },
    };
    const truth = corruptSplit(damaged, parseCorruption("gaussian:2")).corruption?.["audio"];
    expect(truth?.kind).toEqual(["noise+gaussian", "gaussian"]);
    expect(Array.from(truth?.severity ?? [])).toEqual([2.25, 2]);
  });

  it("names a missing modality", () => {
    expect(() => corruptSplit(clean, parseCorruption("audoi=gaussian:1"))).toThrow(/no modality "audoi"/);
  });
});
