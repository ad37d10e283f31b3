// npm run build:native: builds the native kernels with cargo and puts them where the loader looks first
// (src/tensor/backends/native/addon.ts). They are optional: without them everything runs on WebAssembly.
//   --package   also writes native/npm/<target>/, the platform package that a release publishes
import "./write-kernel-table.js";
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { nativeTarget } from "./lib/native-target.js";

const { values } = parseArgs({ options: { package: { type: "boolean", default: false } } });
const root = fileURLToPath(new URL("../", import.meta.url));
const { status, error } = spawnSync("cargo", ["build", "--release", "--locked"], {
  cwd: `${root}native`,
  stdio: "inherit",
});
if (error) {
  console.error("cargo was not found: install Rust (https://rustup.rs) to build the native kernels");
  process.exit(1);
}
if (status !== 0) process.exit(status ?? 1);

const { platform } = process;
const built = { win32: "euar_native.dll", darwin: "libeuar_native.dylib" }[platform] ?? "libeuar_native.so";
const target = nativeTarget();
const name = `euar-native.${target}.node`;
const file = `${root}native/${name}`;
// rename over the old file: a process that has it loaded keeps its own
copyFileSync(`${root}native/target/release/${built}`, `${file}.new`);
renameSync(`${file}.new`, file);
console.log(`native kernels: ${file}`);
if (values.package) writePackage();

/** Writes the package for `npm publish`: one per platform, which npm installs only where it fits. */
function writePackage() {
  const { version, license } = JSON.parse(readFileSync(`${root}package.json`, "utf8"));
  const [os, cpu, abi] = target.split("-");
  const folder = `${root}native/npm/${target}/`;
  mkdirSync(folder, { recursive: true });
  copyFileSync(file, folder + name);
  copyFileSync(`${root}LICENSE`, `${folder}LICENSE`);
  const manifest = {
    name: `euar-native-${target}`,
    version,
    description: `Native kernels of euar for ${target}`,
    license,
    os: [os],
    cpu: [cpu],
    ...(os === "linux" && { libc: [abi === "gnu" ? "glibc" : "musl"] }),
    main: name,
    files: [name, "LICENSE"],
  };
  writeFileSync(`${folder}package.json`, `${JSON.stringify(manifest, null, 2)}\n`);
  console.log(`platform package: ${folder}`);
}
