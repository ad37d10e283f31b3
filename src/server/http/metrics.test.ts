import { expect, it } from "vitest";
import { post, toyFeatures, toyModel, toyServer } from "../testing/toy-server.js";

it("counts requests by route and status, and shows waiting ones", async () => {
  const { app } = await toyServer(await toyModel());
  await post(app, "/v1/predictions", { features: toyFeatures(0) });
  await post(app, "/v1/predictions", { features: {} });
  await app.request("/v1/models/toy");
  await app.request("/v1/models/secret-name");
  await app.request("/no/such/page");
  const response = await app.request("/metrics");
  expect(response.headers.get("content-type")).toContain("text/plain");
  const text = await response.text();
  const count = (method: string, route: string, status: number): string =>
    `euar_http_requests_total{method="${method}",route="${route}",status="${status}"} 1`;
  expect(text).toContain(count("POST", "/v1/predictions", 200));
  expect(text).toContain(count("POST", "/v1/predictions", 422));
  expect(text).toContain(count("GET", "/v1/models/:name", 200));
  expect(text).toContain(count("GET", "/v1/models/:name", 404));
  expect(text).not.toMatch(/secret-name|no\/such/);
  expect(text).toContain('euar_http_request_seconds_count{route="/v1/predictions"} 2');
  expect(text).toContain('euar_waiting_requests{model="toy",kind="features"} 0');
  expect(text).toContain("process_resident_memory_bytes");
});
