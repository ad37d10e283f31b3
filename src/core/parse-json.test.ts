import { describe, expect, it } from "vitest";
import { parseJson } from "./parse-json.js";

describe("parseJson", () => {
  it.each(['{"a":1,"b":{"a":2},"c":[{"a":1},{"a":2}]}', '"a"', "[]", '{"a":"\\"b\\":","b":"{"}', '{"":1}'])(
    "reads %s as JSON.parse does",
    (text) => {
      expect(parseJson(text)).toEqual(JSON.parse(text));
    },
  );

  it("skips a byte order mark", () => {
    expect(parseJson("\ufeff[1]")).toEqual([1]);
  });

  it.each(['{"a":1,"a":2}', '{"x":[{"a":1,"b":2,"a" :3}]}', '{"a":1,"\\u0061":2}'])(
    "refuses the repeated key of %s",
    (text) => {
      expect(() => parseJson(text)).toThrow('"a" is there twice');
    },
  );

  it("refuses what is not JSON", () => {
    expect(() => parseJson('{"a":1')).toThrow(SyntaxError);
  });

  it("reads a string of 20 million characters", () => {
    expect(parseJson(`{"a":"${"x".repeat(20_000_000)}","b":1}`)).toHaveProperty("b", 1);
  });
});
