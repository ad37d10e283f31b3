import { BackendError } from "../../../core/errors.js";

/**
 * Subset of the WebAssembly interface, declared here because these layers compile without DOM and Node types.
 */
export interface WasmMemory {
  readonly buffer: ArrayBuffer | SharedArrayBuffer;
  grow(pages: number): number;
}

/** A compiled module; opaque. */
export interface WasmModule {
  readonly wasmModule?: never;
}

interface WasmInstance {
  readonly exports: unknown;
}

export interface WasmImports {
  readonly env: {
    readonly memory: WasmMemory;
    readonly abort: () => void;
  };
}

interface WebAssemblyInterface {
  readonly Module: new (bytes: Uint8Array) => WasmModule;
  readonly Instance: new (module: WasmModule, imports: WasmImports) => WasmInstance;
  readonly Memory: new (descriptor: {
    readonly initial: number;
    readonly maximum: number;
    readonly shared?: boolean;
  }) => WasmMemory;
  compile(bytes: Uint8Array): Promise<WasmModule>;
  instantiate(module: WasmModule, imports: WasmImports): Promise<WasmInstance>;
  validate(bytes: Uint8Array): boolean;
}

/**
 * Returns the host's WebAssembly interface.
 *
 * @throws BackendError `backend.unavailable` if the host has no WebAssembly
 */
export function webAssembly(): WebAssemblyInterface {
  const host = (globalThis as unknown as { readonly WebAssembly?: WebAssemblyInterface }).WebAssembly;
  if (host) return host;
  throw new BackendError(
    "backend.unavailable",
    "the wasm backend needs WebAssembly, which this JavaScript engine does not have",
    {
      hint: "Use the reference backend, Node 20.19 or later, or a current browser.",
    },
  );
}
