import { expect, it } from "vitest";
import { RouteTimes } from "./route-times.js";

it("keeps the times of the last requests, and counts all of them", () => {
  const times = new RouteTimes();
  for (let i = 0; i < 500; i++) times.add("/old", 200, 100);
  for (let i = 0; i < 1000; i++) times.add("/old", i === 0 ? 503 : 200, i / 1000);
  times.add("/new", 404, 0.25);
  const [old, fresh] = times.summaries();
  expect(old).toMatchObject({ route: "/old", requests: 1500, refused: 0, failed: 1 });
  expect(old?.median).toBeCloseTo(0.4995, 12);
  expect(old?.p99).toBeGreaterThan(0.98);
  expect(old?.p99).toBeLessThan(1);
  expect(fresh).toEqual({
    route: "/new",
    requests: 1,
    refused: 1,
    failed: 0,
    median: 0.25,
    p95: 0.25,
    p99: 0.25,
  });
});
