import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { root } from "../run-euar.js";
import { startedServer } from "../running-server.js";

const folder = mkdtempSync(join(tmpdir(), "euar-client-"));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

it("the example of docs/serve.md scores a sample", async () => {
  const page = readFileSync(join(root, "docs", "serve.md"), "utf8");
  const [, code = ""] = /```js\n(import \{ createClient \}[^]*?)```/.exec(page) ?? [];
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(root, join(folder, "node_modules", "euar"), "dir");
  const run = join(root, "test", "fixtures", "run-1");
  const server = await startedServer(["--model", run, "--no-store"], folder);
  writeFileSync(join(folder, "example.mjs"), code.replace("http://127.0.0.1:8765", server.url));
  const { status, stdout, stderr } = spawnSync(process.execPath, ["example.mjs"], {
    cwd: folder,
    encoding: "utf8",
  });
  expect(await server.stop("SIGTERM")).toBe(0);
  expect([status, stderr]).toEqual([0, ""]);
  expect(stdout).toContain("The score is");
});
