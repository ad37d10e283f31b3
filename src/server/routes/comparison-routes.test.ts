import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { toyDataset } from "../../data/testing/toy-dataset.js";
import { comparePaired } from "../../experiments/statistics.js";
import { train } from "../../train/train.js";
import { RunFolders } from "../runs/run-folders.js";
import { toyModel, type ToyServer, toyServer } from "../testing/toy-server.js";

const folder = mkdtempSync(join(tmpdir(), "euar-compare-"));
let server: ToyServer;
beforeAll(async () => {
  for (const [name, epochs] of [
    ["a", 1],
    ["b", 5],
    ["c", 1],
  ] as const)
    await train({ model: { name: "linear" }, train: { epochs }, out: join(folder, name) }, toyDataset());
  server = await toyServer(await toyModel(), { folders: new RunFolders(folder) });
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

interface Line {
  readonly id: string;
  readonly label: number;
  readonly prediction: number;
}
const linesOf = (run: string): Line[] =>
  readFileSync(join(folder, run, "predictions-test.jsonl"), "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Line);
const errors = (lines: readonly Line[]) =>
  lines.map(({ label, prediction }) => -Math.abs(prediction - label));
const get = async (path: string) => {
  const response = await server.app.request(path);
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
};

it("compares runs by the paired tests of the library, whatever the order of their lines", async () => {
  const [a, b] = [linesOf("a"), linesOf("b")];
  const reversed = b.toReversed().map((line) => JSON.stringify(line));
  writeFileSync(join(folder, "b", "predictions-test.jsonl"), `${reversed.join("\n")}\n`);
  const { status, body } = await get("/v1/comparisons?runs=a,b,c&level=0.9");
  expect(status).toBe(200);
  const mae = (body["metrics"] as { metric: string; reference: number; runs: object[] }[]).find(
    ({ metric }) => metric === "MAE",
  );
  const { p, ...expected } = comparePaired(errors(b), errors(a), { level: 0.9 });
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  expect(mae?.reference).toBeCloseTo(-mean(errors(a)), 10);
  expect(mae?.runs[0]).toEqual({
    run: "b",
    value: expect.closeTo(-mean(errors(b)), 10) as number,
    ...expected,
    p,
    adjusted: Math.min(1, 2 * p),
  });
  expect(mae?.runs[1]).toMatchObject({ run: "c", difference: 0, p: 1, adjusted: 1 });
  expect(body).toMatchObject({ split: "test", reference: "a", samples: a.length, level: 0.9 });
});

it("refuses runs of other samples, unknown runs and bad queries", async () => {
  const answers = await Promise.all(
    ["?runs=a", "?runs=a,none", "?runs=a,../b", "?runs=a,b&split=train", "?runs=a,b&level=1"].map(
      async (query) => (await get(`/v1/comparisons${query}`)).status,
    ),
  );
  expect(answers).toEqual([400, 404, 404, 400, 400]);
  const [first = "", ...rest] = linesOf("c").map((line) => JSON.stringify(line));
  writeFileSync(join(folder, "c", "predictions-test.jsonl"), rest.join("\n"));
  expect(await get("/v1/comparisons?runs=a,c")).toMatchObject({
    status: 422,
    body: { code: "data.invalid-value" },
  });
  writeFileSync(join(folder, "c", "predictions-test.jsonl"), [...rest, first.slice(0, 20)].join("\n"));
  expect((await get("/v1/comparisons?runs=a,c")).status).toBe(400);
  expect((await get("/v1/comparisons?runs=a,c&split=valid")).status).toBe(200);
});

it("sends the stored predictions of a run", async () => {
  const response = await server.app.request("/v1/runs/a/predictions");
  expect(await response.text()).toBe(readFileSync(join(folder, "a", "predictions-test.jsonl"), "utf8"));
  expect((await server.app.request("/v1/runs/none/predictions")).status).toBe(404);
  expect((await server.app.request("/v1/runs/a/predictions?split=train")).status).toBe(400);
});
