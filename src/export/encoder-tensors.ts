import { defined } from "../core/defined.js";
import { parseEncoderConfig } from "../encoders/encoder-config.js";
import { hubName } from "../encoders/hub-names.js";
import { loraOf } from "../encoders/lora.js";
import type { EncoderRecord } from "../encoders/open-encoder.js";
import { ENCODER_PREFIX } from "../encoders/text-encoder.js";
import { transposeInto } from "../encoders/transpose.js";
import type { Model } from "../models/model.js";
import type { StoredTensor } from "../runs/safetensors.js";
import type { Parameter } from "../tensor/tensor.js";

/** Encoder of a run in the form of model hubs. */
export interface HubEncoder {
  /** config.json, with the number of layers that the run keeps. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Tensors of model.safetensors, by the hub's name. */
  readonly tensors: ReadonlyMap<string, StoredTensor>;
}

/**
 * Returns the encoder inside a trained model in the form of model hubs. Adapters (LoRA) are added to the
 * weights that they change.
 * @param network model that `createEncodedModel` built
 * @param record record of its encoder
 */
export function encoderTensors(
  { parameters, constants = [] }: Pick<Model, "parameters" | "constants">,
  { architecture, options }: EncoderRecord,
): HubEncoder {
  const { family, layers: all } = parseEncoderConfig(architecture, "the run's text encoder");
  const arrays = [...parameters.all(), ...constants];
  const byName = new Map(arrays.map((parameter) => [parameter.name, parameter]));
  const lora = loraOf(options);
  const factor = lora ? lora.alpha / lora.rank : 0;
  const tensors = arrays.flatMap((parameter): (readonly [string, StoredTensor])[] => {
    const { name, shape } = parameter;
    if (!name.startsWith(`${ENCODER_PREFIX}/`)) return [];
    const hub = hubName(family, name.slice(ENCODER_PREFIX.length + 1));
    if (!hub) return []; // an adapter
    const layer = name.replace(/weight$/, "");
    const values = withAdapter(
      parameter,
      byName.get(`${layer}lora-down`),
      byName.get(`${layer}lora-up`),
      factor,
    );
    if (!hub.transposed) return [[hub.name, { shape, values }]];
    const [rows = 1, columns = 1] = shape;
    const turned = new Float32Array(values.length);
    transposeInto(values, rows, columns, turned);
    return [[hub.name, { shape: [columns, rows], values: turned }]];
  });
  const config = { ...architecture, [family.keys.layers]: options.textLayers ?? all, torch_dtype: "float32" };
  return { config, tensors: new Map(tensors) };
}

/** Returns a copy of a weight [D, F] in float32, plus factor * down [D, rank] * up [rank, F]. */
function withAdapter(
  { buffer, size, shape }: Parameter,
  down: Parameter | undefined,
  up: Parameter | undefined,
  factor: number,
): Float32Array {
  const values = Float32Array.from(buffer.view.subarray(0, size));
  if (!down || !up) return values;
  const [rows = 0, columns = 0] = shape;
  const rank = defined(down.shape[1]);
  const [a, b] = [down.buffer.view, up.buffer.view];
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      let change = 0;
      for (let r = 0; r < rank; r++) change += defined(a[row * rank + r]) * defined(b[r * columns + column]);
      values[row * columns + column] = defined(values[row * columns + column]) + factor * change;
    }
  return values;
}
