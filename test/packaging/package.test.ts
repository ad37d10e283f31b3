import { execFileSync, spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { root } from "../run-euar.js";

const manifest = z
  .object({
    version: z.string(),
    exports: z.record(z.string(), z.unknown()),
    dependencies: z.record(z.string(), z.string()),
    peerDependencies: z.record(z.string(), z.string()),
    peerDependenciesMeta: z.record(z.string(), z.object({ optional: z.boolean() })),
  })
  .parse(JSON.parse(readFileSync(join(root, "package.json"), "utf8")));
const packed = z.array(
  z.object({
    filename: z.string(),
    unpackedSize: z.number(),
    files: z.array(z.object({ path: z.string() })),
  }),
);

let folder = "";
let tarballFile = "";
let files: string[] = [];
let unpackedSize = 0;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "euar-pack-"));
  const output = execFileSync("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", folder], {
    cwd: root,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  const [tarball] = packed.parse(JSON.parse(output));
  if (!tarball) throw new Error("npm pack made nothing");
  files = tarball.files.map((file) => file.path);
  tarballFile = join(folder, tarball.filename);
  unpackedSize = tarball.unpackedSize;
  // What `npm install` of the tarball would do, without a registry: the package unpacked, its dependencies
  // beside it.
  const modules = join(folder, "app", "node_modules");
  mkdirSync(join(modules, "euar"), { recursive: true });
  execFileSync("tar", ["-xzf", tarballFile, "-C", join(modules, "euar"), "--strip-components", "1"]);
  for (const name of installedClosure(Object.keys(manifest.dependencies))) {
    mkdirSync(join(modules, name, ".."), { recursive: true });
    symlinkSync(join(root, "node_modules", name), join(modules, name), "dir");
  }
  writeFileSync(join(folder, "app", "package.json"), '{ "type": "module", "private": true }\n');
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** The dependencies themselves; theirs are found from where they really lie. */
function installedClosure(names: readonly string[]): string[] {
  return names.filter((name) => existsSync(join(root, "node_modules", name)));
}

/** The package of an import: `@scope/name` or `name`, without what is taken from it. */
function packageOf(specifier: string): string {
  return specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
}

function runScript(code: string): { status: number | null; stdout: string; stderr: string } {
  writeFileSync(join(folder, "app", "script.js"), code);
  const { status, stdout, stderr } = spawnSync(process.execPath, ["script.js"], {
    cwd: join(folder, "app"),
    encoding: "utf8",
    timeout: 300_000,
  });
  return { status, stdout, stderr };
}

/** Runs a checker of packages that is installed here. */
function check(command: string, args: readonly string[]): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync(join(root, "node_modules", ".bin", command), args, {
    encoding: "utf8",
    timeout: 300_000,
  });
  return { status, output: `${stdout}${stderr}` };
}

describe("the packed package", () => {
  it("has entry points, fields and files as publint wants them", () => {
    const { status, output } = check("publint", ["run", tarballFile, "--strict"]);
    expect(output).toContain("All good!");
    expect(status).toBe(0);
  });

  it("has types that every resolution of ES modules finds", () => {
    const { status, output } = check("attw", [tarballFile, "--profile", "esm-only"]);
    for (const entry of Object.keys(manifest.exports))
      expect(output).toContain(entry === "." ? '"euar"' : `"euar/${entry.slice(2)}"`);
    expect(status, output).toBe(0);
  });

  it("has code, types, the studio, the command, the demo's clip, readme and licence, only", () => {
    expect(files).toEqual(
      expect.arrayContaining([
        "package.json",
        "README.md",
        "LICENSE",
        "assets/demo-clip/README.md",
        "assets/demo-clip/face.jpg",
        "assets/demo-clip/speech.wav",
        "bin/euar.js",
        "dist/index.js",
        "dist/index.d.ts",
        "dist/studio/index.html",
      ]),
    );
    const odd = files.filter(
      (path) =>
        !/^(dist\/.*\.(js|d\.ts)|assets\/demo-clip\/.*|bin\/euar\.js|package\.json|README\.md|LICENSE)$/.test(
          path,
        ) && !/^dist\/studio\/(index\.html|icon\.svg|assets\/[\w-]+\.css)$/.test(path),
    );
    expect(odd).toEqual([]);
    expect(files.filter((path) => /\.test\.|\/testing\//.test(path))).toEqual([]);
    // 0.6 MB of it are the demo's clip and the features that its model is trained on
    expect(unpackedSize).toBeLessThan(8_200_000);
  });
  it("has a file behind every entry point, with types", () => {
    for (const target of Object.values(manifest.exports)) {
      const paths =
        typeof target === "string" ? [target] : Object.values(z.record(z.string(), z.string()).parse(target));
      for (const path of paths) expect(files).toContain(path.replace("./", ""));
    }
  });
  it("works in an empty folder: every entry point imports, and a model trains and predicts", () => {
    const entries = Object.keys(manifest.exports).filter((entry) => entry !== "./package.json");
    const { status, stdout, stderr } = runScript(`
      ${entries.map((entry, i) => `import * as entry${i} from "${entry.replace(".", "euar")}";`).join("\n")}
      import { evaluate, loadDataset, train } from "euar";
      const dataset = await loadDataset("synthetic:train=40,valid=10,test=10");
      const { model, metrics } = await train({ model: { name: "euar" }, train: { epochs: 1 } }, dataset);
      const { metrics: partial } = await evaluate(model, dataset, { available: ["text"] });
      const { prediction } = model.predict({ text: new Float32Array(768) });
      const sizes = [${entries.map((_, i) => `Object.keys(entry${i}).length`).join(", ")}];
      const types = [typeof metrics.test.MAE, typeof partial.MAE, typeof prediction];
      console.log(JSON.stringify([...sizes, ...types]));
    `);
    expect(status, stderr).toBe(0);
    const values = JSON.parse(stdout) as unknown[];
    expect(values.slice(-3)).toEqual(["number", "number", "number"]);
    entries.forEach((entry, i) => {
      expect(values[i], entry).toBeGreaterThan(entry === "./client" ? 0 : 2); // euar/client is one function
    });
  });
  it("installs its declared dependencies alone, and imports optional peers on demand", () => {
    const builtin = /^node:/;
    const always = new Set<string>();
    const onDemand = new Set<string>();
    for (const path of files.filter((file) => file.endsWith(".js"))) {
      const code = readFileSync(join(folder, "app", "node_modules", "euar", path), "utf8");
      for (const match of code.matchAll(/(?:^|\n)\s*(?:import|export)[^;"']*?from "([^".][^"]*)"/g))
        always.add(packageOf(match[1] ?? ""));
      for (const match of code.matchAll(/^(?! *\*).*import\("([^".][^"]*)"\)/gm))
        onDemand.add(packageOf(match[1] ?? ""));
    }
    const needed = Object.keys(manifest.dependencies).sort();
    expect([...always].filter((name) => !builtin.test(name) && !needed.includes(name))).toEqual([]);
    const optional = [...onDemand].filter((name) => !builtin.test(name) && !needed.includes(name));
    expect(
      optional.filter(
        (name) =>
          manifest.peerDependenciesMeta[name]?.optional !== true ||
          manifest.peerDependencies[name] === undefined,
      ),
    ).toEqual([]);
    expect(needed.filter((name) => !always.has(name) && !onDemand.has(name))).toEqual([]);
  });
  it("has types that a strict project accepts", () => {
    const app = join(folder, "app");
    writeFileSync(
      join(app, "use.ts"),
      `import { evaluate, loadDataset, Predictor, train, type EvaluationResult, type Prediction } from "euar";
       import { spearman } from "euar/metrics";
       import { createReferenceBackend, Tape } from "euar/tensor";
       export async function main(): Promise<EvaluationResult> {
         const dataset = await loadDataset("synthetic");
         const { model } = await train({ model: { name: "euar" }, train: { epochs: 1 } }, dataset, {
           onEvent: (event) => { if (event.kind === "epoch") console.log(event.record.epoch); },
         });
         const prediction: Prediction = model.predict({ text: [1, 2, 3] });
         const rho: number | null = spearman([1, 2], [2, 1]);
         console.log(prediction.prediction, rho, new Tape(createReferenceBackend()));
         return evaluate(await Predictor.load("run"), dataset, { available: ["text"] });
       }
       // @ts-expect-error: there is no such split
       void evaluate("run", await loadDataset("synthetic"), { split: "dev" });
      `,
    );
    const compilerOptions = {
      noEmit: true,
      strict: true,
      target: "es2022",
      module: "nodenext",
      moduleResolution: "nodenext",
      lib: ["es2023", "dom"],
      types: [],
    };
    writeFileSync(join(app, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["use.ts"] }));
    const { status, stdout } = spawnSync(
      process.execPath,
      [join(root, "node_modules", "typescript", "bin", "tsc"), "-p", "."],
      { cwd: app, encoding: "utf8" },
    );
    expect(stdout).toBe("");
    expect(status).toBe(0);
  });
  it("has a command that runs from its installed folder", () => {
    const command = join(folder, "app", "node_modules", "euar", "bin", "euar.js");
    expect(execFileSync(process.execPath, [command, "--version"], { encoding: "utf8" }).trim()).toBe(
      manifest.version,
    );
    expect(readdirSync(join(folder, "app")).includes("run")).toBe(false);
  });
});
