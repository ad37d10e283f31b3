import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { EuarError } from "../core/errors.js";
import { builtInProtocol, builtInProtocols } from "./built-in.js";
import { findCondition, resolveConditions } from "./conditions.js";
import { checkProtocol } from "./protocol.js";
import type { Protocol } from "./protocol-schema.js";
import { corruptsMedia, mediaConditions } from "./media-conditions.js";
import { summarise } from "./summary.js";

const folder = new URL("../../configs/protocols/", import.meta.url);
const base = { format: "euar-protocol/1", name: "mine", seed: 3, conditions: [{ noise: "gaussian:1" }] };

function problemOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof EuarError) return `${error.code} ${error.message} ${error.hint ?? ""}`;
    throw error;
  }
  return "no error";
}

describe("built-in protocols", () => {
  it("are the files in configs/protocols", () => {
    expect(readdirSync(folder).sort()).toEqual(
      [...builtInProtocols.keys()].map((name) => `${name}.json`).sort(),
    );
    for (const [name, protocol] of builtInProtocols) {
      const read: unknown = JSON.parse(readFileSync(new URL(`${name}.json`, folder), "utf8"));
      expect(checkProtocol(read, name)).toEqual(protocol);
    }
  });

  it("are found by name, with a suggestion for a misspelt one", () => {
    expect(builtInProtocol("frame-drop").summary).toBe("auilc");
    expect(problemOf(() => builtInProtocol("frame-drp"))).toMatch(
      /config.invalid .*Did you mean "frame-drop"/,
    );
  });

  it("random-missing goes from 0 to 0.7, frame-drop and structural-drop from 0 to 1, in tenths", () => {
    for (const [name, count] of [
      ["random-missing", 8],
      ["frame-drop", 11],
      ["structural-drop", 11],
    ] as const) {
      const conditions = resolveConditions(builtInProtocol(name), ["text", "audio"]);
      expect(conditions.map(({ rate }) => rate)).toEqual(Array.from({ length: count }, (_, i) => i / 10));
      expect(conditions.map(({ corruption }) => corruption[0]?.amount)).toEqual(
        conditions.map(({ rate }) => rate),
      );
    }
  });
});

describe("resolveConditions", () => {
  it("lists the seven subsets of three modalities with any names", () => {
    expect(
      resolveConditions(builtInProtocol("fixed-missing"), ["a", "b", "c"]).map(({ name, available }) => [
        name,
        available,
      ]),
    ).toEqual([
      ["a", ["a"]],
      ["b", ["b"]],
      ["c", ["c"]],
      ["a+b", ["a", "b"]],
      ["a+c", ["a", "c"]],
      ["b+c", ["b", "c"]],
      ["a+b+c", ["a", "b", "c"]],
    ]);
  });

  it("refuses more subsets than a table can have", () => {
    const names = Array.from({ length: 60 }, (_, i) => `m${i}`);
    expect(problemOf(() => resolveConditions(builtInProtocol("fixed-missing"), names))).toMatch(
      /config.invalid .*60 modalities have too many subsets/,
    );
    expect(resolveConditions(builtInProtocol("fixed-missing"), names.slice(0, 10))).toHaveLength(1023);
  });

  it("puts noise on each modality separately with perModality", () => {
    const conditions = resolveConditions(
      checkProtocol(
        {
          ...base,
          conditions: [
            { noise: "gaussian:1,dropout:0.5", perModality: true },
            { name: "hard", noise: "gaussian:2", perModality: true },
          ],
        },
        "x",
      ),
      ["text", "image"],
    );
    expect(conditions.map(({ name }) => name)).toEqual([
      "text=gaussian:1,text=dropout:0.5",
      "image=gaussian:1,image=dropout:0.5",
      "hard/text",
      "hard/image",
    ]);
    expect(conditions[3]?.corruption).toEqual([{ kind: "gaussian", amount: 2, modality: "image" }]);
  });

  it("gives one modality in turn another missing rate, with the same mean", () => {
    const protocol = checkProtocol(
      {
        ...base,
        conditions: [
          { imbalanced: { mean: 0.3, fragile: 0.6 } },
          { noise: "missing:0.5", perModality: true },
        ],
      },
      "x",
    );
    expect(resolveConditions(protocol, ["text", "audio", "vision"]).map(({ name }) => name)).toEqual([
      "text=missing:0.6,audio=missing:0.15,vision=missing:0.15",
      "text=missing:0.15,audio=missing:0.6,vision=missing:0.15",
      "text=missing:0.15,audio=missing:0.15,vision=missing:0.6",
      "text=missing:0.5",
      "audio=missing:0.5",
      "vision=missing:0.5",
    ]);
    expect(problemOf(() => resolveConditions(protocol, ["text"]))).toMatch(
      /config.invalid protocol mine: missing rates of 1 modalities cannot have the mean 0.3/,
    );
    const uneven = checkProtocol({ ...base, conditions: [{ imbalanced: { mean: 0.1, fragile: 0.6 } }] }, "x");
    expect(problemOf(() => resolveConditions(uneven, ["a", "b", "c"]))).toMatch(/cannot have the mean 0.1/);
  });

  it("lists every subset within a list of conditions, with groups", () => {
    const conditions = resolveConditions(builtInProtocol("missmac-bench"), ["text", "audio"]);
    expect(conditions.map(({ name, group }) => `${group ?? ""} ${name}`)).toEqual([
      "fixed text",
      "fixed audio",
      "fixed text+audio",
      ...[1, 2, 3, 4, 5, 6, 7].map((tenth) => `random missing:0.${tenth}`),
    ]);
    const shared = resolveConditions(builtInProtocol("missbench"), ["text", "image"]);
    expect(shared.map(({ name }) => name).slice(4, 6)).toEqual([
      "mean 0.1, fragile/text",
      "mean 0.1, fragile/image",
    ]);
    expect(shared[4]?.corruption.map(({ amount }) => amount)).toEqual([0.2, 0]);
  });

  it("finds the data's name of a modality, keeps its order, and names a missing one", () => {
    const protocol = checkProtocol(
      { ...base, conditions: [{ available: ["visual", "text"], noise: "language=gaussian:1" }] },
      "x",
    );
    expect(resolveConditions(protocol, ["text", "audio", "vision"])).toEqual([
      {
        name: "text+vision text=gaussian:1",
        group: undefined,
        rate: undefined,
        corruption: [{ kind: "gaussian", amount: 1, modality: "text" }],
        available: ["text", "vision"],
      },
    ]);
    expect(problemOf(() => resolveConditions(protocol, ["text", "audio"]))).toMatch(
      /data.unknown-modality protocol mine: there is no modality "visual"/,
    );
  });

  it("refuses two conditions of the same name, and an unknown name", () => {
    const protocol = checkProtocol(
      { ...base, conditions: [{ noise: "gaussian:1" }, { noise: "gaussian:1" }] },
      "x",
    );
    expect(problemOf(() => resolveConditions(protocol, ["text"]))).toMatch(
      /two conditions have the name "gaussian:1"/,
    );
    expect(
      problemOf(() => findCondition(builtInProtocol("random-missing"), ["text"], "missing:0.33")),
    ).toMatch(/no condition "missing:0.33"\. Did you mean "missing:0.3"/);
    expect(findCondition(builtInProtocol("random-missing"), ["text"], "missing:0.3").rate).toBe(0.3);
  });
});

describe("mediaConditions", () => {
  const protocol = checkProtocol(
    {
      ...base,
      conditions: [{}, { damage: "audio=mute:1,text=typos:0.2-0.4" }, { name: "b", damage: "text=typos:1" }],
    },
    "x",
  );

  it("names the conditions by their corruptions", () => {
    expect(corruptsMedia(protocol)).toBe(true);
    expect(corruptsMedia(builtInProtocol("spectrum"))).toBe(false);
    expect(mediaConditions(protocol).map(({ name, parts }) => [name, parts.length])).toEqual([
      ["clean", 0],
      ["audio=mute:1,text=typos:0.2-0.4", 2],
      ["b", 1],
    ]);
    expect(mediaConditions(protocol, "b")[0]?.parts[0]?.severity).toEqual([1, 1]);
  });

  it("refuses an unknown name, and two conditions of the same name", () => {
    expect(problemOf(() => mediaConditions(protocol, "clen"))).toMatch(/no condition "clen".*"clean"/);
    const twice = checkProtocol({ ...base, conditions: [{ damage: "text=typos:1" }, {}, {}] }, "x");
    expect(problemOf(() => mediaConditions(twice))).toMatch(/two conditions have the name "clean"/);
  });
});

describe("checkProtocol", () => {
  it.each<[unknown, RegExp]>([
    [null, /config.invalid here: .*object/],
    [{}, /config.invalid here at "format"/],
    [{ ...base, format: "euar-protocol/2" }, /at "format"/],
    [{ ...base, sed: 1 }, /config.unknown-key here: unknown key "sed"\. Did you mean "seed"/],
    [{ ...base, seed: -1 }, /at "seed"/],
    [{ ...base, seed: 1.5 }, /at "seed"/],
    [{ ...base, conditions: [] }, /at "conditions"/],
    [{ ...base, conditions: "all" }, /at "conditions"/],
    [
      { ...base, conditions: [{ nose: "gaussian:1" }] },
      /unknown key "nose" at "conditions.0"\. Did you mean "noise"/,
    ],
    [
      { ...base, conditions: [{ noise: "gausian:1" }] },
      /here, conditions.0: .*no corruption "gausian"\. Did you mean "gaussian"/,
    ],
    [{ ...base, conditions: [{}, { noise: "dropout:2" }] }, /here, conditions.1: .*between 0 and 1/],
    [
      { ...base, conditions: [{ noise: "audio=missing:0.3", perModality: true }] },
      /conditions.0: perModality needs noise/,
    ],
    [{ ...base, conditions: [{ everySubset: true, available: ["text"] }] }, /everySubset determines the/],
    [
      { ...base, conditions: [{ imbalanced: { mean: 0.3, fragile: 0.6 }, noise: "gaussian:1" }] },
      /conditions.0: imbalanced determines the missing modalities/,
    ],
    [{ ...base, conditions: [{ imbalanced: { mean: 0.3, fragile: 1.2 } }] }, /at "conditions.0.imbalanced/],
    [
      { ...base, conditions: [{ imbalanced: { mean: 0.3, fragil: 0.6 } }] },
      /unknown key "fragil" .*Did you mean "fragile"/,
    ],
    [{ ...base, conditions: [{ damage: "audio=mute" }] }, /audio=mute has no severity/],
    [{ ...base, conditions: [{ damage: "audio=mute:2" }] }, /here, conditions.0: .*severity in \[0, 1\]/],
    [
      { ...base, conditions: [{ damage: "audio=mute:1", available: ["text"] }] },
      /damage changes raw media and does not fit/,
    ],
    [
      { ...base, conditions: [{ damage: "audio=mute:1" }, { noise: "gaussian:1" }] },
      /conditions.1: a change of features in a protocol that corrupts raw media/,
    ],
    [{ ...base, training: "partial" }, /at "training"/],
    [{ ...base, conditions: [{ noise: "text=gaussian:1", perModality: true }] }, /perModality needs noise/],
    [{ ...base, conditions: [{ perModality: true }] }, /perModality without noise/],
    [{ ...base, conditions: [{ available: [] }] }, /at "conditions.0.available"/],
    [{ ...base, conditions: [{ available: ["text", "text"] }] }, /available twice/],
    [
      { ...base, models: "retrain" },
      /conditions.0: "models": "retrain" needs the modalities of each condition/,
    ],
    [{ ...base, summary: "auilc" }, /at least two conditions/],
    [
      { ...base, summary: "auilc", conditions: [{ rate: 0 }, { noise: "gaussian:1" }] },
      /conditions.1: .*one condition per rate/,
    ],
    [
      { ...base, summary: "auilc", conditions: [{ rate: 0.5 }, { rate: 0.5, noise: "gaussian:1" }] },
      /conditions.1: .*in increasing order of rates/,
    ],
    [
      { ...base, summary: "auilc", conditions: [{ rate: 0 }, { rate: 0.5, group: "a" }] },
      /conditions.1: .*and no groups/,
    ],
    [{ ...base, summary: "auilc", conditions: "every-subset" }, /subsets have no rates/],
    [JSON.parse('{"__proto__": 1}') as unknown, /config/],
  ])("refuses %j and says where and why", (value, expected) => {
    expect(problemOf(() => checkProtocol(value, "here"))).toMatch(expected);
  });

  it("fills in defaults", () => {
    expect(checkProtocol(base, "x")).toMatchObject({
      models: "one-model",
      summary: "mean",
    } satisfies Partial<Protocol>);
  });
});

describe("summarise", () => {
  const conditions = [
    { rate: 0, metrics: { MAE: 1, Corr: 0.5 } },
    { rate: 0.5, metrics: { MAE: 2, Corr: null } },
    { rate: 0.75, metrics: { MAE: 4, Corr: 0.1 } },
  ];

  it("takes the mean, or the area under the line, and omits a metric that a condition lacks", () => {
    expect(summarise({ summary: "mean" }, conditions)).toEqual({
      kind: "mean",
      metrics: { MAE: 7 / 3, Corr: null },
    });
    expect(summarise({ summary: "auilc" }, conditions)).toEqual({
      kind: "auilc",
      metrics: { MAE: 1.5, Corr: null },
      perRate: { MAE: 2, Corr: null },
      from: 0,
      to: 0.75,
    });
  });

  it("has the mean of each group", () => {
    const grouped = conditions.map((one, i) => ({ ...one, ...(i > 0 && { group: i === 1 ? "a" : "b" }) }));
    expect(summarise({ summary: "mean" }, grouped)).toEqual({
      kind: "mean",
      metrics: { MAE: 7 / 3, Corr: null },
      groups: { a: { MAE: 2, Corr: null }, b: { MAE: 4, Corr: 0.1 } },
    });
  });
});
