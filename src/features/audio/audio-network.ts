import { chooseOutput } from "../onnx/choose-output.js";
import type { OnnxSession } from "../onnx/onnx-session.js";

const FRAME_OUTPUTS = ["last_hidden_state", "hidden_states", "embeddings", "features"];
const MASK = "attention_mask";

/** Vectors of a piece of sound: [T, D], evenly spread over it. */
export interface FrameVectors {
  readonly steps: number;
  readonly width: number;
  readonly data: Float32Array;
}

/**
 * A network that reads a waveform and gives one vector for each of its frames, as wav2vec 2.0, HuBERT and
 * WavLM do.
 */
export class AudioNetwork {
  private constructor(
    private readonly session: OnnxSession,
    private readonly input: string,
    private readonly hasMask: boolean,
    readonly output: string,
  ) {}

  /**
   * @throws MediaError "media.unsupported" for a network with other inputs or outputs than an audio encoder
   * has; ConfigError for an output that it does not have
   */
  static create(session: OnnxSession, output: string | undefined): AudioNetwork {
    const waves = session.inputs.filter(({ name }) => name !== MASK);
    const [input, another] = waves;
    const names = session.inputs.map(({ name, shape }) => `${name} [${shape.join(", ")}]`).join("; ");
    if (!input || another || (input.shape.length !== 2 && input.shape.length !== 0)) {
      throw session.unsupported(
        `its inputs are ${names || "none"}, not one waveform [1, N]`,
        "Encoders of the family of wav2vec 2.0 read a waveform; those that want a spectrogram, such as " +
          "Whisper's, are not read.",
      );
    }
    if (typeof input.shape[1] === "number")
      throw session.unsupported(
        `it reads exactly ${input.shape[1]} samples`,
        "Export it with an input of any length.",
      );
    return new AudioNetwork(
      session,
      input.name,
      waves.length < session.inputs.length,
      chooseOutput(session, output, FRAME_OUTPUTS, [3, 2]),
    );
  }

  /** @param samples [N] at the rate that the network was trained on */
  async run(samples: Float32Array): Promise<FrameVectors> {
    const dims = [1, samples.length];
    const mask = this.hasMask ? { [MASK]: { dims, values: new Float32Array(samples.length).fill(1) } } : {};
    const { dims: shape, data } = await this.session.run(
      { [this.input]: { dims, values: samples }, ...mask },
      this.output,
    );
    const [one, second = 0, third = 0] = shape;
    if (one === 1 && data.length > 0) {
      if (shape.length === 3) return { steps: second, width: third, data };
      if (shape.length === 2) return { steps: 1, width: second, data };
    }
    throw this.session.unsupported(
      `its output ${this.output} is [${shape.join(", ")}]`,
      "Frames [1, T, D] or a vector [1, D] are read: choose another with output=NAME.",
    );
  }

  close(): void {
    this.session.close();
  }
}
