import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { availableParallelism, freemem, totalmem } from "node:os";
import { causeText } from "../core/cause-text.js";
import { encoderStore } from "../encoders/encoder-folder.js";
import type { MediumKind } from "../features/adapter.js";
import { listEncoders } from "../features/encoders/encoder-store.js";
import { modelsFolder } from "../features/onnx/node-models.js";
import { allMedia, missingPackages } from "../features/registry.js";
import type { Medium } from "../features/medium.js";
import { nodeAssets } from "../features/node-assets.js";
import { createBackend } from "../predict/create-backend.js";
import { nativeStatus } from "../tensor/backends/native/index.js";
import { hasRelaxedSimd } from "../tensor/backends/wasm/relaxed-simd.js";
import { wasmThreads } from "../tensor/backends/wasm/threads/host.js";

/** Result of one check of this machine. */
export interface Check {
  readonly name: string;
  readonly ok: boolean;
  /** Version, size or path that was found. */
  readonly found: string;
  /** Remedy if `ok` is false; null if nothing is needed. */
  readonly remedy: string | null;
  /** True if training and evaluation on features need it. */
  readonly required: boolean;
}

/** Check of one kind of raw media: the packages of its default adapter, and programs. */
export interface MediumCheck extends Check {
  readonly kind: MediumKind;
}

export interface Diagnosis {
  readonly machine: readonly Check[];
  readonly media: readonly MediumCheck[];
}

const OLDEST_NODE = [20, 19] as const;
/** Minimum memory for the examples, in bytes. */
const LEAST_MEMORY = 2 ** 30;

/** Checks this machine. Installs, downloads and writes nothing. */
export async function diagnose(): Promise<Diagnosis> {
  const [ffmpeg, ffprobe] = [toolCheck("ffmpeg"), toolCheck("ffprobe")];
  const media = await Promise.all(
    allMedia.map((medium) =>
      mediumCheck(
        medium,
        [ffmpeg, ffprobe].filter(({ name }) => medium.tools.includes(name)),
      ),
    ),
  );
  return {
    machine: [nodeCheck(), await backendCheck(), nativeCheck(), memoryCheck(), ffmpeg, ffprobe, ...notes()],
    media,
  };
}

function nodeCheck(): Check {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const ok = major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1]);
  const remedy = ok ? null : `Install Node ${OLDEST_NODE.join(".")} or later.`;
  return { name: "node", ok, found: process.version, remedy, required: true };
}

async function backendCheck(): Promise<Check> {
  const check = { name: "backend", required: true } as const;
  try {
    const { engine } = await createBackend("wasm");
    const threads = wasmThreads();
    const alone = threads.available ? "" : ` on one thread: ${threads.reason}`;
    const fast = hasRelaxedSimd() ? "with" : "without";
    const found = `WebAssembly SIMD (${engine})${alone}, ${fast} fast arithmetic (relaxed SIMD)`;
    return { ...check, ok: true, found, remedy: null };
  } catch (error) {
    const found = causeText(error);
    return { ...check, ok: false, found, remedy: "Give --backend reference, which is slower." };
  }
}

/** Checks the native kernels. They are faster and give the same bits, but nothing requires them. */
function nativeCheck(): Check {
  const status = nativeStatus();
  const found = status.available
    ? `${status.instructionSets.exact.join(", ")} on ${status.cores} cores (${status.path})`
    : `none, WebAssembly is used instead: ${status.reason}`;
  return { name: "native kernels", ok: true, found, remedy: null, required: false };
}

function memoryCheck(): Check {
  const [free, total] = [freemem(), totalmem()].map((bytes) => `${(bytes / 2 ** 30).toFixed(1)} GiB`);
  const ok = totalmem() >= LEAST_MEMORY;
  return {
    name: "memory",
    ok,
    found: `${free ?? ""} free of ${total ?? ""}`,
    remedy: ok ? null : 'Read sequences as means (--pool "mean"), or use fewer modalities.',
    required: true,
  };
}

function toolCheck(name: "ffmpeg" | "ffprobe"): Check {
  const { status, stdout } = spawnSync(name, ["-version"], { encoding: "utf8", timeout: 10_000 });
  const ok = status === 0;
  return {
    name,
    ok,
    found: ok ? (/version (\S+)/.exec(stdout)?.[1] ?? "installed") : "not found on the PATH",
    remedy: ok ? null : "sudo apt install ffmpeg (or the package of your distribution)",
    required: false,
  };
}

/** Returns facts about this machine, which are not checks. */
function notes(): Check[] {
  const models = modelsFolder();
  const owners = existsSync(models) ? readdirSync(models) : [];
  const encoders = listEncoders().map(({ name, problems }) =>
    problems.length === 0 ? name : `${name} (${problems.join("; ")})`,
  );
  const gpu = "navigator" in globalThis && "gpu" in (globalThis.navigator as object);
  return [
    { name: "threads", found: String(availableParallelism()) },
    { name: "GPU", found: gpu ? "WebGPU" : "no WebGPU in this Node; euar computes on the CPU" },
    { name: "encoders", found: listed(encoders, encoderStore()) },
    { name: "downloaded models", found: listed(owners, models) },
  ].map((note) => ({ ...note, ok: true, remedy: null, required: false }));
}

function listed(names: readonly string[], folder: string): string {
  return names.length === 0 ? `none in ${folder}` : `${names.join(", ")} in ${folder}`;
}

async function mediumCheck(
  { kind, adapters: [adapter] }: Medium,
  tools: readonly Check[],
): Promise<MediumCheck> {
  const missing = await missingPackages(adapter?.packages ?? [], { readAsset: nodeAssets });
  const lacking = tools.filter(({ ok }) => !ok);
  const remedies = [
    ...(missing.length > 0 ? [`npm install ${missing.join(" ")}`] : []),
    ...(lacking[0]?.remedy ? [lacking[0].remedy] : []),
  ];
  return {
    kind,
    name: `${kind} (${adapter?.id ?? ""})`,
    ok: remedies.length === 0,
    found:
      remedies.length === 0
        ? "ready"
        : `not installed: ${[...missing, ...lacking.map(({ name }) => name)].join(", ")}`,
    remedy: remedies.length === 0 ? null : remedies.join("; "),
    required: false,
  };
}
