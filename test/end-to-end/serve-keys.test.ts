import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { euar } from "../run-euar.js";
import { startedServer } from "../running-server.js";

const folder = mkdtempSync(join(tmpdir(), "euar-serve-keys-"));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});
const run = (...args: string[]) => euar([...args, "--json"], { cwd: folder });
const codeOf = (stdout: string) => (JSON.parse(stdout) as { error: { code: string } }).error.code;

it("listens for other machines only with keys, and knows the keys of the command line", async () => {
  const refused = run("serve", "--host", "0.0.0.0", "--port", "0", "--store", "s");
  expect([refused.code, codeOf(refused.stdout)]).toEqual([9, "server.address"]);
  expect(refused.stdout).toContain("euar keys add");
  const bare = run("serve", "--keys", "--port", "0", "--no-store");
  expect([bare.code, codeOf(bare.stdout)]).toEqual([9, "server.address"]);

  const added = run("keys", "add", "support", "--scopes", "read", "--store", "s");
  const { secret } = JSON.parse(added.stdout) as { secret: string };
  expect(run("keys", "list", "--store", "s").stdout).toContain('"name":"support"');
  const server = await startedServer(["--host", "0.0.0.0", "--store", "s"], folder);
  const get = async (headers: Record<string, string>) =>
    (await fetch(`${server.url.replace("0.0.0.0", "127.0.0.1")}/v1/models`, { headers })).status;
  expect([await get({}), await get({ authorization: `Bearer ${secret}` })]).toEqual([401, 200]);
  const used = run("keys", "remove", "support", "--store", "s");
  expect([used.code, codeOf(used.stdout)]).toEqual([2, "config.conflict"]);
  expect(await server.stop("SIGTERM")).toBe(0);
  expect(run("keys", "remove", "support", "--store", "s").code).toBe(0);
  expect(JSON.parse(run("keys", "list", "--store", "s").stdout)).toMatchObject({ keys: [] });
});
