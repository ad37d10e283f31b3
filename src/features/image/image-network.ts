import { chooseOutput } from "../onnx/choose-output.js";
import type { OnnxSession } from "../onnx/onnx-session.js";
import { meanOfPlane, meanOfRows } from "../onnx/pooling.js";
import type { PatchPooling } from "./image-poolings.js";
import type { Layout } from "./network-input.js";

const POOLED_OUTPUTS = ["pooler_output", "image_embeds", "embeddings", "features", "last_hidden_state"];

/** Network that turns one image into one vector. */
export class ImageNetwork {
  private constructor(
    private readonly session: OnnxSession,
    private readonly input: string,
    readonly output: string,
    readonly layout: Layout,
    private readonly pooling: PatchPooling,
    /** Side that the network requires; undefined if it accepts any. */
    readonly fixedSide: number | undefined,
  ) {}

  /**
   * Wraps a session.
   * @throws MediaError "media.unsupported" for a network whose inputs or outputs are not those of an image
   * encoder
   * @throws ConfigError for an output that it does not have
   */
  static create(
    session: OnnxSession,
    pooling: PatchPooling,
    output: string | undefined,
    layout: Layout | undefined,
  ): ImageNetwork {
    const [input, another] = session.inputs;
    if (!input || another) {
      throw session.unsupported(
        `it has ${session.inputs.length} inputs (${session.inputs.map(({ name }) => name).join(", ")})`,
        "An image encoder has one: export the vision part alone.",
      );
    }
    const { shape } = input;
    const found = layout ?? layoutOf(shape);
    if (found === undefined || (shape.length !== 4 && shape.length !== 0)) {
      throw session.unsupported(
        `its input ${input.name} is [${shape.join(", ")}], not [1, 3, H, W] or [1, H, W, 3]`,
        "If the shape is not stated, give layout=nchw or layout=nhwc.",
      );
    }
    if (typeof shape[0] === "number" && shape[0] !== 1)
      throw session.unsupported(
        `it reads ${shape[0]} images at once`,
        "Export it with a batch of 1 or of any size.",
      );
    const [height, width] = found === "nchw" ? [shape[2], shape[3]] : [shape[1], shape[2]];
    if (typeof height === "number" && height !== width)
      throw session.unsupported(
        `it reads images of ${width ?? "?"} x ${height} pixels`,
        "Only square inputs are supported.",
      );
    const chosen = chooseOutput(session, output, POOLED_OUTPUTS, [2, 4, 3]);
    return new ImageNetwork(
      session,
      input.name,
      chosen,
      found,
      pooling,
      typeof height === "number" ? height : undefined,
    );
  }

  /**
   * Runs the network on one image.
   * @param pixels [3, side, side] or [side, side, 3]
   * @returns [D]
   */
  async run(pixels: Float32Array, side: number): Promise<Float32Array> {
    const dims = this.layout === "nchw" ? [1, 3, side, side] : [1, side, side, 3];
    const { dims: shape, data } = await this.session.run(
      { [this.input]: { dims, values: pixels } },
      this.output,
    );
    const [one, second = 0, third = 0, fourth = 0] = shape;
    if (one === 1 && data.length > 0) {
      if (shape.length === 2) return data;
      if (shape.length === 3)
        return this.pooling === "cls" ? data.slice(0, third) : meanOfRows(data, third, 0, second);
      if (shape.length === 4)
        return this.isPlanes(second, third, fourth)
          ? meanOfPlane(data, second)
          : meanOfRows(data, fourth, 0, second * third);
    }
    throw this.session.unsupported(
      `its output ${this.output} is [${shape.join(", ")}]`,
      "The output must be a vector [1, D], a map [1, D, H, W] or patches [1, T, D]: choose another " +
        "output with output=NAME.",
    );
  }

  /** True if the channels of a map come first. Maps of squares are square in any layout of the input. */
  private isPlanes(second: number, third: number, fourth: number): boolean {
    if (second === third && third === fourth) return this.layout === "nchw";
    return third === fourth || second !== third;
  }

  close(): void {
    this.session.close();
  }
}

function layoutOf(shape: readonly (number | string)[]): Layout | undefined {
  if (shape[1] === 3) return "nchw";
  return shape[3] === 3 ? "nhwc" : undefined;
}
