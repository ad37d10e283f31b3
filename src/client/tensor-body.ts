/** Features of one sample by modality, each a vector. */
export type SampleVectors = Readonly<Record<string, ArrayLike<number>>>;

/** Samples of one request. */
export interface TensorSamples {
  /** Samples with the same modalities and widths, at least one. */
  readonly samples: readonly SampleVectors[];
  /** Id of each sample, returned with its answer. Default: none. */
  readonly ids?: readonly (string | number)[];
}

/** Options of a call that sends {@link tensorBody}. */
export interface TensorBody {
  readonly [option: string]: unknown;
  readonly body: Blob;
  /** Passes the bytes on as they are. */
  readonly bodySerializer: (body: unknown) => Blob;
  readonly headers: { readonly "content-type": "application/x-safetensors" };
}

const TYPE = "application/x-safetensors";
/** Key of the header that is no tensor. */
const METADATA = "__metadata__";

/**
 * Returns features as the body of a request, in binary: the server reads it in a fraction of the time that
 * JSON takes. The predictions are the same. The answer is a list, also for one sample.
 *
 * The features are sent as float32, [samples, width] for each modality.
 * @throws RangeError if there is no sample, if the samples differ in their modalities or widths, if the
 * number of ids is another one, or if a modality is named `__metadata__`
 * @throws TypeError for a feature that is not a number
 * @example
 * const samples = [{ text: [0.1, -0.2] }, { text: [0.3, 0.4] }];
 * const { data } = await client.POST("/v1/predictions", tensorBody({ samples }));
 */
export function tensorBody({ samples, ids }: TensorSamples): TensorBody {
  const [first] = samples;
  if (!first) throw new RangeError("tensorBody: there is no sample. Give at least one.");
  if (ids && ids.length !== samples.length)
    throw new RangeError(`tensorBody: ${ids.length} ids for ${samples.length} samples. Give one for each.`);
  const names = Object.keys(first);
  if (names.includes(METADATA))
    throw new RangeError(`tensorBody: a modality cannot have the name ${METADATA}. Rename it.`);
  for (const [i, sample] of samples.entries())
    if (Object.keys(sample).length !== names.length)
      throw new RangeError(`tensorBody: sample ${i} has other modalities than sample 0. Send it separately.`);
  const header: Record<string, unknown> = {};
  if (ids) header[METADATA] = { ids: JSON.stringify(ids) };
  const tensors: Float32Array<ArrayBuffer>[] = [];
  let end = 0;
  for (const name of names) {
    const values = stacked(name, samples);
    const shape = [samples.length, values.length / samples.length];
    header[name] = { dtype: "F32", shape, data_offsets: [end, end + values.byteLength] };
    end += values.byteLength;
    tensors.push(values);
  }
  const body = new Blob([startOf(header), ...tensors], { type: TYPE });
  return { body, bodySerializer: () => body, headers: { "content-type": TYPE } };
}

/** Returns the vectors of a modality one after another, [B, D]. */
function stacked(name: string, samples: readonly SampleVectors[]): Float32Array<ArrayBuffer> {
  const width = samples[0]?.[name]?.length ?? 0;
  const values = new Float32Array(samples.length * width);
  for (const [i, sample] of samples.entries()) {
    const vector = Object.hasOwn(sample, name) ? sample[name] : undefined;
    if (vector?.length !== width)
      throw new RangeError(
        `tensorBody: sample ${i} has ${vector?.length ?? "no"} features of the modality "${name}", ` +
          `sample 0 has ${width}. Send it separately.`,
      );
    for (let d = 0; d < width; d++) {
      const value: unknown = vector[d];
      if (typeof value !== "number")
        // as a number, null would be 0
        throw new TypeError(
          `tensorBody: feature ${d} of the modality "${name}" of sample ${i} is of type ` +
            `${value === null ? "null" : typeof value}. Omit the modality if its features are unknown.`,
        );
      values[i * width + d] = value;
    }
  }
  return values;
}

/** Returns the length of the header and the header. Spaces let the values start at a multiple of 8 bytes. */
function startOf(header: object): Uint8Array<ArrayBuffer> {
  const text = new TextEncoder().encode(JSON.stringify(header));
  const length = Math.ceil(text.length / 8) * 8;
  const bytes = new Uint8Array(8 + length).fill(0x20);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true);
  bytes.set(text, 8);
  return bytes;
}
