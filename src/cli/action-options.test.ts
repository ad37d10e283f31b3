import { describe, expect, it } from "vitest";
import { refuseOtherActions } from "./action-options.js";

const actions = { name: ["add", "remove"], rate: ["add"] };

describe("refuseOtherActions", () => {
  it.each([
    [{ name: "mine" }, "--name has no effect with list"],
    [{ action: "list", rate: 1 }, "--rate has no effect with list"],
    [{ action: "remove", name: "mine", rate: 1 }, "--rate has no effect with remove"],
  ])("refuses %j", (given, message) => {
    expect(() => {
      refuseOtherActions("keys", given, actions);
    }).toThrow(`euar keys: ${message}`);
  });

  it("accepts options of the action, and others", () => {
    expect(() => {
      refuseOtherActions("keys", { action: "add", name: "mine", rate: 1, store: "here" }, actions);
    }).not.toThrow();
  });
});
