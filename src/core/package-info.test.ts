import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { packageInfo } from "./package-info.js";

it("package.json says the same", () => {
  const { name, version } = JSON.parse(
    readFileSync(new URL("../../package.json", import.meta.url), "utf8"),
  ) as { name: string; version: string };
  expect(packageInfo).toEqual({ name, version });
});
