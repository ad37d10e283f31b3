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

  it.each([
    '{"a":1,"a":2}',
    '{"x":[{"a":1,"b":2,"a" :3}]}',
    '{"a":1,"\\u0061":2}',
    '{"a":{"b":["}","{"]},"c":[{"a":"\\"{"}],"a":2}',
  ])("refuses the repeated key of %s", (text) => {
    expect(() => parseJson(text)).toThrow('"a" occurs twice');
  });

  it.each(['{"__proto__":1}', '[{"a":{"\\u005f_proto__" : {}}}]'])("refuses the key of %s", (text) => {
    expect(() => parseJson(text)).toThrow('"__proto__" cannot be used');
    expect(parseJson('["__proto__"]')).toEqual(["__proto__"]);
  });

  it("refuses lists within lists without end before it parses them", () => {
    const nested = (depth: number): string => "[".repeat(depth) + "]".repeat(depth);
    expect(parseJson(nested(1000))).toEqual(JSON.parse(nested(1000)));
    expect(parseJson(`[${'["[["],'.repeat(2000)}1]`)).toHaveLength(2001);
    expect(() => parseJson(nested(1001))).toThrow("more than 1000 deep");
    expect(() => parseJson("[".repeat(10_000_000))).toThrow("more than 1000 deep");
    expect(() => parseJson('["a')).toThrow(SyntaxError);
  });

  it.each(['{"__proto__":1}', '[{"a":{"\\u005f_proto__" : {}}}]'])("refuses the key of %s", (text) => {
    expect(() => parseJson(text)).toThrow('"__proto__" cannot be used');
    expect(parseJson('["__proto__"]')).toEqual(["__proto__"]);
  });

  it("refuses text that is not JSON", () => {
    expect(() => parseJson('{"a":1')).toThrow(SyntaxError);
  });

  it("reads a string of 20 million characters", () => {
    expect(parseJson(`{"a":"${"x".repeat(20_000_000)}","b":1}`)).toHaveProperty("b", 1);
  });
});
