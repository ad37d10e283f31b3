import { expect, it } from "vitest";
import { NameRegistry } from "./name-registry.js";
import { codeOf } from "./testing/code-of.js";

const own = { name: "own" };
const registryOf = (): NameRegistry<{ readonly name: string }> =>
  new NameRegistry({ what: "thing", isTaken: (name) => name === "built-in", minLength: 2 }, [own]);

it("keeps items in order, and takes the same one twice", () => {
  const registry = registryOf();
  const added = { name: "a-2" };
  registry.add(added);
  registry.add(added);
  expect(registry.all()).toEqual([own, added]);
  expect(registry.get("a-2")).toBe(added);
  expect(registry.get("constructor")).toBeUndefined();
});

it.each([
  ["own", "config.conflict"],
  ["built-in", "config.conflict"],
  ["a", "config.invalid"],
  ["Upper", "config.invalid"],
  ["2nd", "config.invalid"],
  ["", "config.invalid"],
])("refuses the name %j with %s", (name, code) => {
  const registry = registryOf();
  expect(
    codeOf(() => {
      registry.add({ name });
    }),
  ).toBe(code);
  expect(registry.all()).toEqual([own]);
});
