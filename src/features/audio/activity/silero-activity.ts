import type { InferenceSession, Tensor } from "onnxruntime-web/wasm";
import { MediaError } from "../../../core/errors.js";
import type { ReadAsset } from "../../asset.js";
import { loadOnnxRuntime, type OnnxRuntime } from "../../onnx/onnx-runtime.js";
import { ANALYSIS_RATE, frameCentre, frameCount } from "../frames.js";
import { speechFrames } from "./speech-frames.js";
import type { VoiceActivity } from "./voice-activity.js";

/**
 * Number of samples per call of the model, number of earlier samples that it reads again, and the shape of
 * its recurrent state.
 */
const WINDOW = 512;
const CONTEXT = 64;
const STATE_SHAPE = [2, 1, 128] as const;
const STATE_SIZE = 256;

/** File of the model: Silero VAD v5 (Silero Team, MIT licence) in @ricky0123/vad-web. */
export const sileroModel = { packageName: "@ricky0123/vad-web", path: "dist/silero_vad_v5.onnx" } as const;

/**
 * Loads the Silero network (github.com/snakers4/silero-vad), which detects speech in steps of 32 ms, in
 * onnxruntime's WebAssembly build.
 * @param model bytes of {@link sileroModel}
 * @throws MediaError "media.missing-package" without onnxruntime-web, "media.damaged" for an unusable model
 */
export async function loadSilero(model: Uint8Array, readAsset: ReadAsset): Promise<VoiceActivity> {
  const runtime = await loadOnnxRuntime(readAsset, "finding speech with Silero (vad=energy needs nothing)");
  const session = await createSession(runtime, model);
  return {
    detect: async (samples, signal) =>
      speechFrames(await probabilities(runtime, session, samples, signal), frameCount(samples.length), (t) =>
        Math.floor(frameCentre(t) / WINDOW),
      ),
    close: () => void session.release(),
  };
}

async function createSession(runtime: OnnxRuntime, model: Uint8Array): Promise<InferenceSession> {
  try {
    return await runtime.InferenceSession.create(model, { executionProviders: ["wasm"] });
  } catch (cause) {
    throw new MediaError("media.damaged", "the voice activity model of @ricky0123/vad-web cannot be loaded", {
      hint: "Install it again: npm install @ricky0123/vad-web",
      cause,
    });
  }
}

/** Returns the probability of speech in each 32 ms, [windows]. The last window is padded with silence. */
async function probabilities(
  runtime: OnnxRuntime,
  session: InferenceSession,
  samples: Float32Array,
  signal?: AbortSignal,
): Promise<Float32Array> {
  const result = new Float32Array(Math.ceil(samples.length / WINDOW));
  const rate = new runtime.Tensor("int64", BigInt64Array.of(BigInt(ANALYSIS_RATE)), []);
  let state: Tensor = new runtime.Tensor("float32", new Float32Array(STATE_SIZE), STATE_SHAPE);
  for (let w = 0; w < result.length; w++) {
    signal?.throwIfAborted();
    const input = new Float32Array(CONTEXT + WINDOW);
    const start = w * WINDOW - CONTEXT;
    const from = Math.max(0, start);
    input.set(samples.subarray(from, (w + 1) * WINDOW), from - start);
    const { output, stateN } = await session.run({
      input: new runtime.Tensor("float32", input, [1, input.length]),
      state,
      sr: rate,
    });
    if (output === undefined || stateN === undefined)
      throw new MediaError(
        "media.damaged",
        "the voice activity model lacks the outputs of Silero v5: output, stateN",
      );
    result[w] = Number(output.data[0]);
    state = stateN;
  }
  return result;
}
