import { spawn, spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { euar, jsonOf, root } from "../run-euar.js";
import { labels, type SplitParts, writeFolder } from "./npy-folder.js";

const data = "synthetic:train=60,valid=20,test=20";
const mmsa = readFileSync(join(root, "test", "fixtures", "pickles", "mmsa-p4.pkl"));
let folder = "";
let run = "";

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "euar-bad-"));
  run = join(folder, "good-run");
  expect(euar(["train", "--data", data, "--epochs", "1", "--out", run, "--quiet"]).code).toBe(0);
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Runs a command that must fail with `code`, say so on both streams, and leave no run folder behind. */
function expectFailure(
  args: readonly string[],
  code: string,
  exit: number,
  input?: string,
): { message: string; hint: string } {
  const out = join(folder, "never");
  const where = args[0] === "train" ? ["--out", out] : [];
  const outcome = euar([...args, ...where, "--json"], { ...(input !== undefined && { input }) });
  const { error } = jsonOf(outcome) as { error: { code: string; message: string; hint: string | null } };
  expect(error.code, error.message).toBe(code);
  expect(outcome.code).toBe(exit);
  expect(outcome.stderr).toContain(`[${code}]`);
  expect(outcome.stderr).not.toMatch(/\n\s+at /);
  expect(error.message.length).toBeGreaterThan(20);
  expect(existsSync(out), "something was left behind").toBe(false);
  return { message: error.message, hint: error.hint ?? "" };
}

function written(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

describe("options", () => {
  it.each([
    [["train", "--dta", "x"], "config.unknown-key", "--data"],
    [["train", "--data", data, "--exprets", "8"], "config.unknown-key", "--experts"],
    [["train", "--data", data, "--model", "lineal"], "config.invalid", "linear"],
    [["train", "--data", data, "--kl-reduction", "sum"], "config.unknown-key", "--losses.kl.reduction"],
    [["train", "--data", data, "--encoder.layers", "2"], "config.invalid", "--encoder.kind"],
    [["train", "--data", data, "--encoder", "mlp", "--encoder.layers", "2"], "config.conflict", "sequence"],
    [["train", "--data", data, "--alpha", "0"], "config.invalid", "--no-losses.kl"],
    [["train", "--data", data, "--experts", "eight"], "config.invalid", "experts"],
    [["train", "--data", data, "--experts", "0"], "config.invalid", "experts"],
    [["train", "--data", data, "--dropout", "1"], "config.invalid", "dropout"],
    [["train"], "config.invalid", "--data"],
    [["train", "--data", data, "--model", "linear", "--experts", "4"], "config.conflict", "linear"],
    [["train", "--data", data, "--model", "linear", "--preset", "paper"], "config.conflict", "--preset"],
    [["train", "--data", data, "--seed", "1", "--seeds", "1,2"], "config.conflict", "one of them"],
    [["trian"], "config.unknown-key", "train"],
    [["evaluate", "--run", "x", "--data", data, "--noise", "gausian:1"], "config.invalid", "gaussian"],
    [["train", "--data", data, "surplus"], "config.invalid", "help"],
  ])("euar %j -> %s", (args, code, hint) => {
    const error = expectFailure(args, code, 2);
    expect(`${error.message} ${error.hint}`).toContain(hint);
  });
  it("refuses a config file with a misspelt key and suggests the right one", () => {
    const config = written("typo.json", JSON.stringify({ exprets: 8 }));
    const { message, hint } = expectFailure(
      ["train", "--data", data, "--config", config],
      "config.unknown-key",
      2,
    );
    expect(message).toContain('unknown key "exprets"');
    expect(message).toContain(config);
    expect(hint).toContain('"experts"');
  });
  it.each([
    ["text.json", "epochs: 3", "not JSON"],
    ["list.json", "[1]", "one JSON object"],
    ["type.json", '{"epochs": "three"}', "epochs"],
  ])("refuses the config file %s", (name, content, part) => {
    expect(
      expectFailure(["train", "--data", data, "--config", written(name, content)], "config.invalid", 2)
        .message,
    ).toContain(part);
  });
  it("does not overwrite a finished run without the option, and leaves it unchanged", () => {
    const before = readdirSync(run).map((name) => readFileSync(join(run, name), "latin1"));
    const outcome = euar(["train", "--data", data, "--epochs", "1", "--out", run, "--json"]);
    expect(jsonOf(outcome)).toMatchObject({
      error: { code: "config.conflict", hint: expect.stringContaining("--overwrite") as string },
    });
    expect(readdirSync(run).map((name) => readFileSync(join(run, name), "latin1"))).toEqual(before);
    expect(
      euar(["train", "--data", data, "--epochs", "1", "--out", run, "--overwrite", "--quiet"]).code,
    ).toBe(0);
  });
});

describe("data", () => {
  it.each([
    ["a missing file", () => join(folder, "nowhere.pkl"), "data.not-found"],
    ["a truncated pickle", () => written("short.pkl", mmsa.subarray(0, mmsa.length >> 1)), "data.truncated"],
    [
      "a pickle that calls os.system",
      () => written("evil.pkl", "cos\nsystem\n(S'touch euar-was-here'\ntR."),
      "data.unsafe",
    ],
    [
      "a pickle that builds with eval",
      () => written("eval.pkl", Buffer.from("\u0080\u0004c__builtin__\neval\n(V1+1\ntR.", "latin1")),
      "data.unsafe",
    ],
    ["text instead of a pickle", () => written("text.pkl", "hello, this is not a pickle"), "data.format"],
    ["an empty file", () => written("empty.pkl", ""), "data."],
    ["a pickle without splits", () => written("keys.pkl", "(dp0\nS'trian'\np1\n(dp2\ns."), "data.format"],
  ])("refuses %s", (_, make, code) => {
    const outcome = euar(["train", "--data", make(), "--out", join(folder, "never"), "--json"], {
      cwd: folder,
    });
    const { error } = jsonOf(outcome) as { error: { code: string } };
    expect(error.code.startsWith(code), error.code).toBe(true);
    expect(outcome.code).toBe(3);
    expect(existsSync(join(folder, "never"))).toBe(false);
    expect(existsSync(join(folder, "euar-was-here"))).toBe(false);
  });

  const good: SplitParts = { rows: 8, labels: labels(8) };
  it.each<[string, Record<"train" | "valid" | "test", SplitParts>, string, string]>([
    [
      "labels that are not numbers",
      { train: { rows: 8, labels: [...labels(7), NaN] }, valid: good, test: good },
      "data.invalid-value",
      "train",
    ],
    [
      "ragged splits",
      { train: good, valid: { rows: 8, labels: labels(8), audioRows: 6 }, test: good },
      "data.",
      "valid",
    ],
    [
      "labels that do not match",
      { train: good, valid: good, test: { rows: 8, labels: labels(5) } },
      "data.",
      "test",
    ],
    ["an empty split", { train: good, valid: { rows: 0, labels: [] }, test: good }, "data.empty", "valid"],
  ])("refuses %s and names the split", (name, splits, code, split) => {
    const place = join(folder, name.replace(/\W/g, "-"));
    mkdirSync(place);
    writeFolder(place, splits);
    const outcome = euar([
      "train",
      "--data",
      place,
      "--epochs",
      "1",
      "--out",
      join(folder, "never"),
      "--json",
    ]);
    const { error } = jsonOf(outcome) as { error: { code: string; message: string } };
    expect(error.code.startsWith(code), `${error.code}: ${error.message}`).toBe(true);
    expect(error.message).toContain(split);
    expect(outcome.code).toBe(3);
    expect(existsSync(join(folder, "never"))).toBe(false);
  });
  it("accepts the same folder when nothing is wrong with it", () => {
    const place = join(folder, "fine");
    mkdirSync(place);
    writeFolder(place, { train: good, valid: good, test: good });
    expect(
      euar(["train", "--data", place, "--epochs", "1", "--out", join(folder, "fine-run"), "--quiet"]).code,
    ).toBe(0);
  });
  it("refuses an unknown modality with a suggestion", () => {
    expect(
      expectFailure(["train", "--data", data, "--modalities", "text,adio"], "data.unknown-modality", 3).hint,
    ).toContain("audio");
    expect(
      expectFailure(
        ["evaluate", "--run", run, "--data", data, "--available", "txt"],
        "data.unknown-modality",
        3,
      ).hint,
    ).toContain("text");
  });
});

describe("evaluate and predict", () => {
  const text = Array.from({ length: 768 }, () => 0.1);
  it.each<[string, unknown, string, string]>([
    ["a wrong width", { text: [1, 2, 3] }, "data.width-mismatch", "768"],
    ["an unknown modality", { txt: text }, "data.unknown-modality", "txt"],
    ["a value that is no number", { text: ["a", ...text.slice(1)] }, "data.invalid-value", "feature 0"],
    ["no modality at all", { text: null }, "data.empty", "none"],
    ["a list", [text], "data.format", "object"],
    ["a number", 3, "data.format", "object"],
  ])("predict refuses %s", (name, clip, code, part) => {
    const path = written(`${name.replace(/\W/g, "-")}.json`, JSON.stringify(clip));
    expect(expectFailure(["predict", "--run", run, "--features", path], code, 3).message).toContain(part);
  });
  it("predict says how to give the features of a pickle", () => {
    const single = Buffer.from("\x80\x04\x95\x0b\0\0\0\0\0\0\0}\x94\x8c\x04text\x94Ns.", "latin1");
    const args = ["predict", "--run", run, "--features", written("single.pkl", single)];
    const { message, hint } = expectFailure(args, "data.format", 3);
    expect(message).toMatch(/single.pkl is a Python pickle, where JSON with the features of one clip was/);
    expect(hint).toContain('json.dump({"audio": array.tolist()}, file)');
  });
  it("predict answers an invalid line of a stream with its error, and continues", () => {
    const good = JSON.stringify({ id: "good", text });
    const bad = ['{"id": "b", "text": [1]}', "no JSON", '["a list"]', '{"text": [1], "text": [2]}'];
    const input = Buffer.concat([
      Buffer.from(`${good}\n${bad.join("\n")}\n`),
      Uint8Array.of(0x22, 0xff, 10),
      Buffer.from(good),
    ]);
    const outcome = euar(["predict", "--run", run, "--features", "-", "--json"], { input });
    const lines = outcome.stdout
      .trimEnd()
      .split("\n")
      .map(
        (line) =>
          JSON.parse(line) as { id?: string; prediction?: number; error?: { code: string; message: string } },
      );
    expect(outcome.code).toBe(3);
    expect(outcome.stderr).toContain("5 of 7 inputs could not be scored");
    expect(lines).toHaveLength(7);
    expect([lines[0]?.prediction, lines[6]?.prediction]).toEqual([
      lines[0]?.prediction,
      lines[0]?.prediction,
    ]);
    expect(lines[0]?.prediction).toBeTypeOf("number");
    expect(lines[1]).toMatchObject({ id: "b", error: { code: "data.width-mismatch" } });
    lines.slice(1, 6).forEach(({ error }, i) => {
      expect(error?.message).toContain(`stdin, line ${i + 2}`);
    });
  });
  it("predict refuses bytes that are not UTF-8, and skips a byte order mark", () => {
    const line = Buffer.from(JSON.stringify({ id: "e", text }));
    const bad = Buffer.from(line);
    bad[bad.indexOf('"e"') + 1] = 0xff;
    expect(
      expectFailure(["predict", "--run", run, "--features", written("bad.json", bad)], "data.format", 3)
        .message,
    ).toContain("UTF-8");
    expect(
      expectFailure(["predict", "--run", run, "--features", written("bad.jsonl", bad)], "data.format", 3)
        .message,
    ).toContain("line 1");
    const marked = written("marked.jsonl", Buffer.concat([Buffer.from("\ufeff"), line, Buffer.from("\r\n")]));
    expect(jsonOf(euar(["predict", "--run", run, "--features", marked, "--json"])).id).toBe("e");
  });
  it("predict recognises a folder, whatever its name", () => {
    mkdirSync(join(folder, "clips.jsonl"));
    expectFailure(["predict", "--run", run, "--features", join(folder, "clips.jsonl")], "data.format", 3);
    expectFailure(["predict", "--run", run, "--features", folder], "data.format", 3);
  });
  it.each([
    [["predict", "--features", "clip.json", "--run"], "checkpoint.format", 4],
    [["predict", "--run", "RUN", "--features"], "data.format", 3],
    [["train", "--data", data, "--config"], "config.invalid", 2],
    [["evaluate", "--run", "RUN", "--data", data, "--protocol"], "config.invalid", 2],
    [["reproduce", "table4", "--data", data, "--recipe"], "config.invalid", 2],
    [["sweep", "--data", data, "--space"], "config.invalid", 2],
    [["inspect"], "data.format", 3],
  ])("euar %j refuses devices, pipes and giants at once", (args, code, exit) => {
    const fifo = join(folder, "fifo.json");
    const giant = join(folder, "giant.json");
    if (!existsSync(fifo)) expect(spawnSync("mkfifo", [fifo]).status).toBe(0);
    writeFileSync(giant, "{");
    truncateSync(giant, 3 * 2 ** 30);
    for (const path of ["/dev/zero", fifo, giant]) {
      if (path === "/dev/zero" && args[0] === "evaluate") continue; // a protocol's file ends in .json
      const given = args.map((arg) => (arg === "RUN" ? run : arg));
      expectFailure([...given, path], code, exit);
    }
  });
  it("refuse invalid JSON, an empty stream and a missing file", () => {
    expectFailure(
      ["predict", "--run", run, "--features", written("broken.json", '{"text": [1,')],
      "data.format",
      3,
    );
    expectFailure(["predict", "--run", run, "--features", "-"], "data.empty", 3, "\n\n");
    expectFailure(["predict", "--run", run, "--features", join(folder, "nothing.json")], "data.not-found", 3);
    expectFailure(
      ["predict", "--run", run, "--features", join(folder, "nothing.jsonl")],
      "data.not-found",
      3,
    );
  });
  it("refuse runs that are absent, damaged or changed by hand", () => {
    expectFailure(["evaluate", "--run", join(folder, "absent"), "--data", data], "checkpoint.format", 4);
    const weights = readFileSync(join(run, "weights.safetensors"));
    const clip = written("clip.json", JSON.stringify({ text }));
    expectFailure(
      ["predict", "--run", written("cut.safetensors", weights.subarray(0, 5000)), "--features", clip],
      "checkpoint.format",
      4,
    );
    const changed = Buffer.from(
      weights.toString("latin1").replace('\\"hidden\\":72', '\\"hidden\\":71'),
      "latin1",
    );
    expectFailure(
      ["predict", "--run", written("changed.safetensors", changed), "--features", clip],
      "checkpoint.format",
      4,
    );
    expectFailure(["inspect", written("random.safetensors", "x".repeat(100))], "checkpoint.format", 4);
  });
  it("evaluate refuses data of another width", () => {
    const place = join(folder, "fine");
    const { message } = expectFailure(["evaluate", "--run", run, "--data", place], "data.width-mismatch", 3);
    expect(message).toContain("768");
  });
});

describe("output", () => {
  it.runIf(existsSync("/dev/full"))("that cannot be written is a failure without a stack trace", () => {
    const full = openSync("/dev/full", "w");
    const { status, stderr } = spawnSync(
      process.execPath,
      [join(root, "bin", "euar.js"), "inspect", run, "--json"],
      { stdio: ["ignore", full, "pipe"], encoding: "utf8" },
    );
    expect(status).toBe(7);
    expect(stderr).toContain("io.write");
    expect(stderr).not.toMatch(/\n\s+at /);
  });
  it("of progress may go nowhere while the work goes on", async () => {
    const out = join(folder, "unheard");
    const child = spawn(
      process.execPath,
      [join(root, "bin", "euar.js"), "train", "--data", data, "--epochs", "2", "--out", out],
      { stdio: ["ignore", "ignore", "pipe"] },
    );
    child.stderr.destroy();
    expect(await new Promise((resolve) => child.on("close", resolve))).toBe(0);
    expect(existsSync(join(out, "metrics.json"))).toBe(true);
  });
  it("cannot be written if a file is in the way", () => {
    const outcome = euar([
      "train",
      "--data",
      data,
      "--epochs",
      "1",
      "--out",
      join(written("a-file", "x"), "run"),
      "--json",
    ]);
    expect(jsonOf(outcome)).toHaveProperty("error");
    expect(outcome.code).toBeGreaterThan(1);
  });
  it("--debug adds the stack, without it there is none", () => {
    expect(euar(["train", "--data", join(folder, "no.pkl"), "--debug"]).stderr).toMatch(/\n\s+at /);
    expect(euar(["train", "--data", join(folder, "no.pkl")]).stderr).not.toMatch(/\n\s+at /);
  });
});
