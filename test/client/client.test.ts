import { beforeAll, expect, expectTypeOf, it } from "vitest";
import { type components, createClient, type EuarClient, tensorBody } from "../../src/client.js";
import { createApp } from "../../src/server/app.js";
import { toyFeatures, toyModel, type ToyServer, toyServer } from "../../src/server/testing/toy-server.js";

let server: ToyServer;
let client: EuarClient;
beforeAll(async () => {
  server = await toyServer(await toyModel());
  client = createClient({
    url: "http://localhost",
    fetch: (request) => Promise.resolve(server.app.fetch(request)),
  });
});

it("scores a sample, with the type of a prediction", async () => {
  const { data } = await client.POST("/v1/predictions", { body: { features: toyFeatures(0) } });
  if (!data || "predictions" in data) throw new Error("one prediction was expected");
  expectTypeOf(data).toEqualTypeOf<components["schemas"]["Prediction"]>();
  expect(data).toMatchObject({ model: "toy", verdict: expect.stringContaining("The score is") as string });
});

it("sends features in binary, for the same predictions", async () => {
  const samples = [0, 1].map(toyFeatures);
  const { data } = await client.POST("/v1/predictions", tensorBody({ samples, ids: ["a", 7] }));
  const listed = { samples: samples.map((features, i) => ({ id: i === 0 ? "a" : 7, features })) };
  expect(data).toEqual((await client.POST("/v1/predictions", { body: listed })).data);
  expect(data).toMatchObject({ predictions: [{ id: "a" }, { id: 7 }] });
});

it.each([
  ["no sample", { samples: [] }],
  ["samples of other modalities", { samples: [{ text: [1] }, { text: [1], audio: [2] }] }],
  ["samples of other widths", { samples: [{ text: [1] }, { text: [1, 2] }] }],
  ["too few ids", { samples: [{ text: [1] }, { text: [1] }], ids: ["a"] }],
  ["a modality named as the metadata", { samples: [{ text: [1], __metadata__: [2] }] }],
])("does not send %s in binary", (_, given) => {
  expect(() => tensorBody(given)).toThrow(RangeError);
});

it.each([null, "", "2", true, undefined, [3]])("does not send %j as a feature in binary", (value) => {
  const samples = [{ text: [1, 2] }, { text: [1, value] }] as unknown as { text: number[] }[];
  expect(() => tensorBody({ samples })).toThrow(TypeError);
});

it("returns the problem of a refused request", async () => {
  const params = { path: { name: "other" } };
  const { data, error, response } = await client.GET("/v1/models/{name}", { params });
  expect([data, error?.code, response.status]).toEqual([undefined, "server.not-found", 404]);
});

it("sends forms, and the key of a server that requires one", async () => {
  const { secret } = await server.services.keys.add({ name: "one", scopes: ["predict"], rate: null });
  const app = createApp(server.services, { requiresKeys: true });
  const fetch = (request: Request) => Promise.resolve(app.fetch(request));
  const url = "http://localhost";
  expect((await createClient({ url, fetch }).GET("/v1/models")).response.status).toBe(401);
  const own = createClient({ url, key: secret, fetch });
  expect((await own.GET("/v1/models")).data?.models.map(({ name }) => name)).toEqual(["toy"]);
  const body = { text: "not again" };
  const sent = await own.POST("/v1/predictions", {
    body,
    bodySerializer: () => {
      const form = new FormData();
      form.append("text", body.text);
      return form;
    },
  });
  expect(sent.error?.code).toBe("media.mismatch");
});
