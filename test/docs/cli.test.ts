import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { commandReference } from "../../src/cli/reference.js";
import { root } from "../run-euar.js";

describe("docs/cli.md", () => {
  it("has the options as the commands' schemas have them (npm run docs writes them)", async () => {
    const text = readFileSync(join(root, "docs", "cli.md"), "utf8");
    const [, rest = ""] = text.split("<!-- reference: made by scripts/write-cli-docs.js -->");
    const [reference = ""] = rest.split("<!-- end of reference -->");
    expect(reference.trim()).toBe((await commandReference()).trim());
  });
});
