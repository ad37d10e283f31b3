import { BackendError } from "../../../core/errors.js";

/** Returns the error of native kernels that cannot be used, with a remedy. */
export function unavailable(reason: string): BackendError {
  return new BackendError("backend.unavailable", `the native backend cannot be used: ${reason}`, {
    hint: "Install Rust and run npm run build:native, or use --backend wasm, which gives the same bits.",
  });
}
