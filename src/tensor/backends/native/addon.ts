import { causeText } from "../../../core/cause-text.js";
import { packageInfo } from "../../../core/package-info.js";

/** The interface of the native package, native/src/lib.rs. */
export interface Addon {
  version(): string;
  /** Kernel table. `call` addresses a kernel by its index. */
  kernelTable(): readonly { readonly name: string; readonly arity: number }[];
  /** Instruction sets of this processor, from basic to best. `fused`: fast arithmetic, with other bits. */
  instructionSets(): readonly InstructionSet[];
  /** Cores that this process may use. */
  cores(): number;
  /** Runs rounds of multiply and add with an instruction set. Returns the number of operations. */
  runPeak(level: number, rounds: number): number;
  /** Sets the array that passes the arguments of this thread's calls. */
  useNumbers(numbers: Float64Array): void;
  /** Start address of a memory. */
  addressOf(memory: ArrayBuffer): number;
  call(kernel: number): number;
}

export interface InstructionSet {
  readonly name: string;
  readonly fused: boolean;
}

/** Subset of Node's interface. These layers compile without its types, and also run in browsers. */
interface Host {
  readonly platform: string;
  readonly arch: string;
  readonly report?: { getReport(): unknown };
  getBuiltinModule?(name: "module"): { createRequire(url: string): (name: string) => unknown };
  getBuiltinModule?(name: "fs"): { readFileSync(path: string, encoding: "latin1"): string };
}

export type Loaded = { readonly addon: Addon; readonly path: string } | { readonly reason: string };

let loaded: Loaded | undefined;

/** Loads the native kernels, once per thread. If there are none, returns the reason. Never throws. */
export function loadAddon(): Loaded {
  return (loaded ??= load());
}

function load(): Loaded {
  const host = (globalThis as unknown as { readonly process?: Host }).process;
  const module = host?.getBuiltinModule?.("module");
  if (!host || !module) return { reason: "native kernels need Node" };
  const here = (import.meta as unknown as { readonly url: string }).url;
  const require = module.createRequire(here);
  const target = targetOf(host);
  const reasons: string[] = [];
  // a local build (`npm run build:native`) takes precedence over an installed package
  for (const path of [`../../../../native/euar-native.${target}.node`, `euar-native-${target}`]) {
    try {
      const addon = require(path) as Addon;
      const version = addon.version();
      if (version === packageInfo.version) return { addon, path };
      reasons.push(`${path} has version ${version}, euar ${packageInfo.version}`);
    } catch (cause) {
      if (!isMissing(cause)) reasons.push(`${path}: ${causeText(cause)}`);
    }
  }
  return { reason: reasons.join("; ") || `no native kernels for ${target} are installed` };
}

/** Returns the platform part of a package name, e.g. `linux-x64-gnu`. */
function targetOf(host: Host): string {
  const { platform, arch } = host;
  if (platform === "win32") return `win32-${arch}-msvc`;
  if (platform !== "linux") return `${platform}-${arch}`;
  return `linux-${arch}-${libraryOf(host)}`;
}

/**
 * Returns the C library of a Linux system. Reads the `ldd` script, or else Node's report, which takes longer.
 */
function libraryOf(host: Host): "gnu" | "musl" {
  try {
    const ldd = host.getBuiltinModule?.("fs").readFileSync("/usr/bin/ldd", "latin1") ?? "";
    if (ldd.includes("musl")) return "musl";
    if (/GNU C Library|GLIBC/.test(ldd)) return "gnu";
  } catch {
    // without ldd, the report has the answer
  }
  const report = host.report?.getReport() as { header?: { glibcVersionRuntime?: string } } | undefined;
  return report?.header?.glibcVersionRuntime ? "gnu" : "musl";
}

function isMissing(cause: unknown): boolean {
  return (cause as { readonly code?: string } | undefined)?.code === "MODULE_NOT_FOUND";
}
