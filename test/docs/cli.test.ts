import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { commandReference } from "../../src/cli/reference.js";
import { root } from "../run-euar.js";

describe("docs/cli.md", () => {
  it("has the options as the commands' schemas have them (npm run docs writes them)", async () => {
    const path = join(root, "docs", "cli.md");
    const text = readFileSync(path, "utf8");
    const [begin, end] = ["<!-- reference: made by npm run docs -->", "<!-- end of reference -->"];
    const [before, after] = [text.split(begin)[0], text.split(end)[1]];
    await expect(`${before}${begin}\n\n${await commandReference()}\n\n${end}${after}`).toMatchFileSnapshot(
      path,
    );
  });
});
