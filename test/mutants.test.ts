import { expect, it } from "vitest";
import { listFaults, mutants } from "../scripts/lib/mutant-list.js";
import { root } from "./run-euar.js";

// Running the mutants takes minutes (`npm run test:mutants`). That each still has its place takes none: a
// mutant whose text was edited away would pass unnoticed.
it("has at least 40 mutants, each with its text exactly once in its file", () => {
  expect(listFaults(root)).toEqual([]);
  expect(mutants.length).toBeGreaterThanOrEqual(40);
});
