import type { InferenceSession, Tensor } from "onnxruntime-web/wasm";
import { causeText } from "../../core/cause-text.js";
import { BackendError, EuarError, MediaError } from "../../core/errors.js";
import type { ModelBytes } from "./model-files.js";
import type { OnnxRuntime } from "./onnx-runtime.js";

/** Input or output of a network. */
export interface Port {
  readonly name: string;
  /** Type as named by onnxruntime, e.g. "float32", "int64". */
  readonly type: string;
  /** Extents; a number if fixed, a name otherwise. Empty if the network does not state its shape. */
  readonly shape: readonly (number | string)[];
}

export interface FloatOutput {
  readonly dims: readonly number[];
  readonly data: Float32Array;
}

/** Values of an input. They are converted to the type that the network declares. */
export interface Feed {
  readonly dims: readonly number[];
  readonly values: Float32Array | readonly number[];
}

/** Log level without output: errors on stderr would repeat the exceptions. */
const SILENT = 4;

/** Network in onnxruntime. Its errors name the file. */
export class OnnxSession {
  private constructor(
    private readonly runtime: OnnxRuntime,
    private session: InferenceSession | undefined,
    /** File and its place, for messages. */
    readonly name: string,
    readonly inputs: readonly Port[],
    readonly outputs: readonly Port[],
  ) {}

  /**
   * Opens a network.
   * @throws MediaError "media.damaged" for a file that is not a network
   * @throws BackendError "backend.out-of-memory"
   */
  static async open(
    runtime: OnnxRuntime,
    { path, bytes, external }: ModelBytes,
    place: string,
  ): Promise<OnnxSession> {
    const name = `${path} of ${place}`;
    let session: InferenceSession;
    try {
      session = await runtime.InferenceSession.create(bytes, {
        executionProviders: ["wasm"],
        logSeverityLevel: SILENT,
        externalData: [...external],
      });
    } catch (cause) {
      throw failure(
        cause,
        `${name} cannot be loaded`,
        "Check that the file is a complete ONNX model; export or download it again.",
      );
    }
    return new OnnxSession(
      runtime,
      session,
      name,
      session.inputMetadata.map(portOf),
      session.outputMetadata.map(portOf),
    );
  }

  /**
   * Runs the network on one sample.
   * @param output name of the output to return
   * @throws MediaError "media.damaged" if it fails or its output is not finite
   * @throws MediaError "media.unsupported" for an output that is not float32
   */
  async run(feeds: Readonly<Record<string, Feed>>, output: string): Promise<FloatOutput> {
    const [only] = await this.runAll(feeds, [output]);
    if (!only) throw new EuarError("internal", `${this.name} gave nothing`);
    return only;
  }

  /** Runs the network once and returns several outputs. */
  async runAll(feeds: Readonly<Record<string, Feed>>, outputs: readonly string[]): Promise<FloatOutput[]> {
    if (!this.session) throw new EuarError("internal", `${this.name} was closed`);
    const tensors = Object.fromEntries(
      Object.entries(feeds).map(([name, feed]) => [name, this.tensor(name, feed)]),
    );
    let results: InferenceSession.OnnxValueMapType;
    try {
      results = await this.session.run(tensors, [...outputs], { logSeverityLevel: SILENT });
    } catch (cause) {
      throw failure(
        cause,
        `${this.name} failed`,
        "The model may need other inputs. docs/features-text-image.md describes the inputs of " +
          "supported models.",
      );
    }
    return outputs.map((output) => this.floats(results[output], output));
  }

  close(): void {
    void this.session?.release();
    this.session = undefined;
  }

  unsupported(reason: string, hint: string): MediaError {
    return new MediaError("media.unsupported", `${this.name} cannot be used: ${reason}`, { hint });
  }

  private tensor(name: string, { dims, values }: Feed): Tensor {
    const type = this.inputs.find((input) => input.name === name)?.type ?? "float32";
    if (type === "int64")
      return new this.runtime.Tensor(
        type,
        BigInt64Array.from(values, (value) => BigInt(value)),
        dims,
      );
    if (type === "int32") return new this.runtime.Tensor(type, Int32Array.from(values), dims);
    if (type === "float32") return new this.runtime.Tensor(type, Float32Array.from(values), dims);
    throw this.unsupported(
      `its input ${name} holds ${type}`,
      "Export it with float32 inputs, and integer token ids.",
    );
  }

  private floats(tensor: Tensor | undefined, output: string): FloatOutput {
    if (!(tensor?.data instanceof Float32Array)) {
      throw this.unsupported(
        `its output ${output} holds ${tensor?.type ?? "nothing"}, not float32`,
        "Export it with float32 outputs.",
      );
    }
    const { dims, data } = tensor;
    if (data.every((value) => Number.isFinite(value))) return { dims, data: Float32Array.from(data) };
    throw new MediaError(
      "media.damaged",
      `${this.name} gave numbers that are not finite in its output ${output}`,
      {
        hint: "The model is damaged, or its weights overflow: export it with 32-bit weights.",
      },
    );
  }
}

function portOf(value: InferenceSession.ValueMetadata): Port {
  return value.isTensor
    ? { name: value.name, type: value.type, shape: value.shape }
    : { name: value.name, type: "no tensor", shape: [] };
}

function failure(cause: unknown, what: string, hint: string): EuarError {
  const reason = causeText(cause);
  if (/bad_alloc|out of memory|Aborted\(|memory access/i.test(reason)) {
    return new BackendError("backend.out-of-memory", `${what}: there is not enough memory (${reason})`, {
      hint: "Use a smaller model or shorter inputs.",
      cause,
    });
  }
  return new MediaError("media.damaged", `${what}: ${reason}`, { hint, cause });
}
