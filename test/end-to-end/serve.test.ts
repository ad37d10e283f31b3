import { expect, it } from "vitest";
import { startedServer } from "../running-server.js";

it("serves a run over HTTP and ends by itself after SIGTERM", async () => {
  const server = await startedServer(["--model", "fixture=test/fixtures/run-1"]);
  try {
    expect(await (await fetch(`${server.url}/readyz`)).json()).toEqual({ status: "ready", models: 1 });
    const features = { audio: Array<number>(74).fill(0.1), vision: Array<number>(47).fill(-0.2) };
    const response = await fetch(`${server.url}/v1/predictions`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ features }),
    });
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({
      model: "fixture",
      prediction: expect.any(Number) as number,
    });
  } finally {
    expect(await server.stop("SIGTERM")).toBe(0);
  }
});
