import { writeSafetensors } from "euar/tensor";

/** Returns the features of clips as bodies of requests: as JSON and in binary. */
export function featureForms(clips) {
  return {
    json: { type: "application/json", bodies: clips.map((features) => JSON.stringify({ features })) },
    binary: { type: "application/x-safetensors", bodies: clips.map(tensorBytes) },
  };
}

/** Features of one sample as a safetensors file. */
function tensorBytes(features) {
  const tensors = Object.entries(features).map(([name, values]) => [
    name,
    { shape: [values.length], values: Float32Array.from(values) },
  ]);
  return Buffer.from(writeSafetensors({ tensors: new Map(tensors), metadata: {} }));
}
