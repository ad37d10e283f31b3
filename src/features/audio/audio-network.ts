import { chooseOutput } from "../onnx/choose-output.js";
import type { OnnxSession } from "../onnx/onnx-session.js";

const FRAME_OUTPUTS = ["last_hidden_state", "hidden_states", "embeddings", "features"];
const MASK = "attention_mask";

/** Vectors [T, D], evenly spread over a piece of sound. */
export interface FrameVectors {
  readonly steps: number;
  readonly width: number;
  readonly data: Float32Array;
}

/** Network that turns a waveform into one vector per frame, such as wav2vec 2.0, HuBERT and WavLM. */
export class AudioNetwork {
  private constructor(
    private readonly session: OnnxSession,
    private readonly input: string,
    private readonly hasMask: boolean,
    readonly output: string,
  ) {}

  /**
   * Wraps a session.
   * @throws MediaError "media.unsupported" for a network whose inputs or outputs are not those of an audio
   * encoder
   * @throws ConfigError for an output that it does not have
   */
  static create(session: OnnxSession, output: string | undefined): AudioNetwork {
    const waves = session.inputs.filter(({ name }) => name !== MASK);
    const [input, another] = waves;
    const names = session.inputs.map(({ name, shape }) => `${name} [${shape.join(", ")}]`).join("; ");
    if (!input || another || (input.shape.length !== 2 && input.shape.length !== 0)) {
      throw session.unsupported(
        `its inputs are ${names || "none"}, not one waveform [1, N]`,
        "Encoders of the family of wav2vec 2.0 read a waveform; encoders of spectrograms, such as " +
          "Whisper's, are not supported.",
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

  /**
   * Runs the network.
   * @param samples [N] at the sampling rate of its training
   */
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
      "The output must be frames [1, T, D] or a vector [1, D]: choose another output with output=NAME.",
    );
  }

  close(): void {
    this.session.close();
  }
}
