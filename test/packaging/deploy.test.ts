import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { keysCommand } from "../../src/cli/commands/keys.js";
import { serveCommand } from "../../src/cli/commands/serve.js";
import { root } from "../run-euar.js";

// Docker and systemd are not there when the tests run, so their files are compared with the package.

const read = (path: string): string => readFileSync(join(root, path), "utf8");
const manifest = z
  .object({
    bin: z.record(z.string(), z.string()),
    engines: z.object({ node: z.string() }),
    scripts: z.record(z.string(), z.string()),
  })
  .parse(JSON.parse(read("package.json")));
const [, wantedMajor, wantedMinor] = /^>=(\d+)\.(\d+)$/.exec(manifest.engines.node) ?? [];
/** Default port of `euar serve`. */
const { port } = serveCommand.resolve([]);

describe("the Dockerfile", () => {
  const instructions = read("deploy/Dockerfile")
    .replaceAll("\\\n", "")
    .split("\n")
    .filter((line) => /^[A-Z]+ /.test(line));
  const of = (name: string): string[] =>
    instructions.filter((line) => line.startsWith(`${name} `)).map((line) => line.slice(name.length + 1));
  const list = (name: string): string[] => z.array(z.string()).parse(JSON.parse(of(name).at(-1) ?? "[]"));

  it("copies files that exist, and ignores none of the sources", () => {
    const ignored = read("deploy/Dockerfile.dockerignore").split("\n");
    const sources = of("COPY")
      .filter((line) => !line.startsWith("--from="))
      .flatMap((line) => line.split(" ").slice(0, -1));
    expect(sources).toEqual(expect.arrayContaining(["package.json", "package-lock.json", ".npmrc", "."]));
    for (const source of sources) expect(existsSync(join(root, source)), source).toBe(true);
    const needed = ["src", "studio", "kernels", "scripts", "bin", "README.md", "LICENSE", "tsconfig.json"];
    for (const path of [...needed, ...sources]) expect(ignored).not.toContain(path);
    // a pattern with ** would match src/runs, too
    expect(ignored.filter((pattern) => pattern.startsWith("**"))).toEqual(["**/node_modules"]);
  });

  it("runs scripts of the package on a Node that it supports", () => {
    const scripts = of("RUN").flatMap((line) =>
      [...line.matchAll(/npm run ([\w:]+)/g)].map(([, name]) => name),
    );
    expect(scripts).toEqual(["build"]);
    expect(Object.keys(manifest.scripts)).toContain("build");
    const images = of("FROM").map((line) => /^node:(\d+)-slim/.exec(line)?.[1]);
    expect(images).toEqual([wantedMajor, wantedMajor]); // its last release, which has later minor versions
    expect(Number(wantedMinor)).toBeLessThan(20);
  });

  it("starts the server as a user without rights, with its data in the volume", () => {
    expect(of("USER")).toEqual(["node"]);
    expect(of("VOLUME")).toEqual([of("WORKDIR").at(-1)]);
    expect(list("ENTRYPOINT")).toEqual(Object.keys(manifest.bin));
    const [command, ...args] = list("CMD");
    expect(command).toBe("serve");
    expect(serveCommand.resolve(args)).toMatchObject({
      host: "0.0.0.0", // other addresses need keys
      store: "/data/store",
      runs: "/data/runs",
      port,
    });
    expect(of("EXPOSE")).toEqual([String(port)]);
    expect(of("HEALTHCHECK").join()).toContain(`http://127.0.0.1:${String(port)}/healthz`);
  });
});

it("the systemd unit starts the server with keys, and gives it more time than one sample may take", () => {
  const unit = new Map(
    read("deploy/euar.service")
      .split("\n")
      .flatMap((line) => {
        const [, key, value] = /^(\w+)=(.*)$/.exec(line) ?? [];
        return key === undefined || value === undefined ? [] : [[key, value] as const];
      }),
  );
  const [env, bin = "", command, ...args] = unit.get("ExecStart")?.split(" ") ?? [];
  expect([env, command]).toEqual(["/usr/bin/env", "serve"]);
  expect(Object.keys(manifest.bin)).toContain(bin);
  const options = serveCommand.resolve(args);
  const state = `/var/lib/${unit.get("StateDirectory") ?? ""}`;
  expect(options).toMatchObject({ keys: true, port, store: `${state}/store`, runs: `${state}/runs` });
  expect(unit.get("WorkingDirectory")).toBe(state);
  expect(unit.get("DynamicUser")).toBe("yes");
  expect(Number(unit.get("TimeoutStopSec"))).toBeGreaterThan(Number(options["maxSeconds"]));
});

it("the commands of docs/serve.md that make keys for both have valid options", () => {
  const commands = [
    ...read("docs/serve.md")
      .replaceAll("\\\n", " ")
      .matchAll(/euar keys (add .*)$/gm),
  ];
  const stores = commands.map(([, args = ""]) => keysCommand.resolve(args.trim().split(/ +/))["store"]);
  expect(stores).toEqual(["euar-store", "/var/lib/euar/store", "/data/store"]);
});
