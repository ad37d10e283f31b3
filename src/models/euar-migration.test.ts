import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { optionPaths } from "../core/option-fields.js";
import { euarConfigSchema } from "./euar-config.js";
import { formerEuarOptions, migrateStoredEuar } from "./euar-migration.js";
import { euarPresets } from "./euar-presets.js";
import { resolveModelConfig } from "./registry.js";

const optionsSchema = z.record(z.string(), z.unknown());
const { migrate, paths } = formerEuarOptions;

function fixture(path: string): unknown {
  return JSON.parse(readFileSync(new URL(`../../${path}`, import.meta.url), "utf8"));
}

describe("flat options of EUAR", () => {
  const presets = z.record(z.string(), optionsSchema).parse(fixture("test/fixtures/run-1/presets.json"));

  test("the fixture has every preset of that time, and every flat option leads to an option of today", () => {
    const later = ["precision"];
    expect([...Object.keys(presets), ...later].sort()).toEqual(Object.keys(euarPresets).sort());
    const known = optionPaths(euarConfigSchema);
    for (const path of Object.values(paths)) expect(known).toContain(path);
    const flat = Object.keys(presets["paper"] ?? {});
    expect(flat.filter((name) => !Object.hasOwn(paths, name)).sort()).toEqual(
      ["dropout", "fusion", "head", "headNorm", "hidden", "inputDropout", "taskLoss"].sort(),
    );
  });

  test.each(Object.entries(presets))("the preset %s, as runs of format 1 stored it", (name, flat) => {
    const migrated = migrateStoredEuar(flat);
    const { awareness, ...current } = z
      .looseObject({ awareness: optionsSchema })
      .parse(resolveModelConfig("euar", {}, name));
    const { statistics } = z.looseObject({ statistics: optionsSchema.nullish() }).parse(awareness);
    // complete: no default was needed. The preset aware got its steadyRate later.
    const before = statistics ? { ...statistics, steadyRate: undefined } : statistics;
    expect(migrated).toEqual({ ...current, awareness: { ...awareness, statistics: before } });
    expect(migrate(migrated)).toBe(migrated);
  });

  test("configurations in docs/results, some from before awareness, are read", () => {
    const folder = new URL("../../docs/results/", import.meta.url);
    const stored = z.object({ model: z.object({ name: z.literal("euar"), config: optionsSchema }) });
    const configs = readdirSync(folder).flatMap((file) => {
      const read = file.endsWith(".json") ? stored.safeParse(fixture(`docs/results/${file}`)) : undefined;
      return read?.success === true ? [read.data.model.config] : [];
    });
    expect(configs.length).toBeGreaterThan(20);
    for (const config of configs) {
      const migrated = migrateStoredEuar(config);
      expect(euarConfigSchema.parse(migrated)).toEqual(migrated);
    }
  });

  test.each([
    ["a few options", { experts: 4, taskLoss: "huber" }, { experts: { count: 4 }, taskLoss: "huber" }],
    [
      "losses of weight 0 are absent, whatever else is said of them",
      { alpha: 0, klReduction: "sum", klOver: "all", lambda: 0, beta: 0.1 },
      { losses: { kl: null, uncertainty: null, balance: { weight: 0.1 } } },
    ],
    [
      "no statistics",
      { statistics: 0, statisticsDropout: 0, statisticsGate: false, steady: 0, ranking: 0, certainty: 0.2 },
      { awareness: { statistics: null, ranking: null, certainty: 0.2 } },
    ],
    [
      "statistics without a steady path",
      { statistics: 3, steady: 0 },
      { awareness: { statistics: { hidden: 3, steady: null } } },
    ],
    ["options of another encoder", { encoder: "mlp", encoderLayers: 3 }, { encoder: { kind: "mlp" } }],
    [
      "a sequence encoder",
      { encoder: "sequence", encoderMask: false, attentionDropout: 0.1 },
      { encoder: { kind: "sequence", ignorePadding: false, attentionDropout: 0.1 } },
    ],
    ["options of a preset's encoder", { encoderLayers: 2 }, { encoder: { layers: 2 } }],
    ["options of other models and of training", { topK: 2, epochs: 3 }, { experts: { topK: 2 }, epochs: 3 }],
  ])("%s", (_, flat, expected) => {
    expect(migrate(flat)).toEqual(expected);
  });

  test("a contradiction is not resolved, so that it is refused later", () => {
    const migrated = migrate({ statistics: 0, statisticsGate: true });
    expect(() => resolveModelConfig("euar", migrated)).toThrow(/awareness.statistics.hidden/);
  });
});
