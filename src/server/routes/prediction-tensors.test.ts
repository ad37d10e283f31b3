import { beforeAll, describe, expect, it } from "vitest";
import { type StoredTensor, writeSafetensors } from "../../runs/safetensors.js";
import { post, toyFeatures, toyModel, type ToyServer, toyServer } from "../testing/toy-server.js";

let server: ToyServer;
beforeAll(async () => {
  server = await toyServer(await toyModel());
});

/** Sends a safetensors body without a socket. */
async function send(
  tensors: Readonly<Record<string, StoredTensor>>,
  query = "",
): Promise<{ readonly status: number; readonly body: Record<string, unknown> }> {
  const bytes = writeSafetensors({ tensors: new Map(Object.entries(tensors)), metadata: {} });
  const response = await server.app.request(`/v1/predictions${query}`, {
    method: "POST",
    headers: { "content-type": "application/x-safetensors" },
    body: new Uint8Array(bytes),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

/** Features of rows of the toy data as tensors, [samples, width] each. */
function tensorsOf(rows: readonly number[]): Record<string, StoredTensor> {
  const all = rows.map(toyFeatures);
  return Object.fromEntries(
    Object.keys(all[0] ?? {}).map((name) => {
      const values = all.flatMap((features) => features[name] ?? []);
      return [name, { shape: [rows.length, values.length / rows.length], values: Float32Array.from(values) }];
    }),
  );
}

describe("predictions from a safetensors body", () => {
  it("have the bits of those from JSON", async () => {
    const samples = [0, 1, 2].map((row) => ({ features: toyFeatures(row) }));
    const json = await post(server.app, "/v1/predictions?level=0.7&available=text", { samples });
    expect(await send(tensorsOf([0, 1, 2]), "?level=0.7&available=text")).toMatchObject({
      status: 200,
      body: json.body,
    });
  });

  it("are one for vectors, whose numbers may be doubles", async () => {
    const features = toyFeatures(3);
    const tensors = Object.fromEntries(
      Object.entries(features).map(([name, values]) => [
        name,
        { shape: [values.length], values: Float64Array.from(values) },
      ]),
    );
    const { body } = await post(server.app, "/v1/predictions", { features });
    expect(await send(tensors)).toEqual({ status: 200, body });
  });

  it.each([
    ["another width", { text: { shape: [2], values: Float32Array.of(1, 2) } }, 422, "data.width-mismatch"],
    ["another modality", { smell: { shape: [1], values: Float32Array.of(1) } }, 422, "data.unknown-modality"],
    ["NaN", { text: { shape: [6], values: new Float32Array(6).fill(NaN) } }, 422, "data.invalid-value"],
    [
      "doubles that no float holds",
      { text: { shape: [6], values: new Float64Array(6).fill(1e300) } },
      422,
      "data.invalid-value",
    ],
    ["no tensor", {}, 422, "data.empty"],
    ["too many samples", { text: { shape: [5, 6], values: new Float32Array(30) } }, 400, "data.format"],
    [
      "a body over the limit",
      { text: { shape: [3000], values: new Float32Array(3000) } },
      413,
      "server.too-large",
    ],
  ])("refuse %s as JSON does", async (_, tensors, status, code) => {
    expect(await send(tensors)).toMatchObject({ status, body: { code } });
  });

  it("refuse a million steps of another width before they become features", async () => {
    const head = JSON.stringify({ text: { dtype: "U8", shape: [1, 1e6, 1], data_offsets: [0, 1e6] } });
    const body = new Uint8Array(8 + head.length + 1e6);
    new DataView(body.buffer).setBigUint64(0, BigInt(head.length), true);
    body.set(new TextEncoder().encode(head), 8);
    const { limits } = server.services;
    const { app } = await toyServer(await toyModel(), { limits: { ...limits, jsonBytes: 2e6 } });
    const headers = { "content-type": "application/x-safetensors" };
    const response = await app.request("/v1/predictions", { method: "POST", headers, body });
    const expected = {
      code: "data.width-mismatch",
      detail: expect.stringMatching(/expected 6 .*got 1$/) as unknown,
    };
    expect([response.status, await response.json()]).toMatchObject([422, expected]);
  });

  it("name the sample of a list that cannot be scored", async () => {
    const tensors = tensorsOf([0, 1]);
    const text = tensors["text"];
    text?.values.fill(Infinity, 6);
    const { body } = await send(tensors);
    const { body: alone } = await post(server.app, "/v1/predictions", { features: toyFeatures(0) });
    expect(body["predictions"]).toMatchObject([alone, { error: { code: "data.invalid-value" } }]);
  });
});
