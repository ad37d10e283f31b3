// Builds the native kernels with cargo and puts them where the loader looks first
// (src/tensor/backends/native/addon.ts). They are optional: without them everything runs on WebAssembly.
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, renameSync } from "node:fs";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL("../native/", import.meta.url));
const { status, error } = spawnSync("cargo", ["build", "--release", "--locked"], {
  cwd: folder,
  stdio: "inherit",
});
if (error) {
  console.error("cargo was not found: install Rust (https://rustup.rs) to build the native kernels");
  process.exit(1);
}
if (status !== 0) process.exit(status ?? 1);

const { platform, arch } = process;
const built = { win32: "euar_native.dll", darwin: "libeuar_native.dylib" }[platform] ?? "libeuar_native.so";
const target =
  platform === "win32"
    ? `win32-${arch}-msvc`
    : platform === "linux"
      ? `linux-${arch}-${process.report.getReport().header.glibcVersionRuntime ? "gnu" : "musl"}`
      : `${platform}-${arch}`;
const from = `${folder}target/release/${built}`;
if (!existsSync(from)) {
  console.error(`cargo did not write ${from}`);
  process.exit(1);
}
const to = `${folder}euar-native.${target}.node`;
// in place of the old file at once: a process that has it loaded keeps its own
copyFileSync(from, `${to}.new`);
renameSync(`${to}.new`, to);
console.log(`native kernels: ${to}`);
