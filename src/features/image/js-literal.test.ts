import { describe, expect, it } from "vitest";
import { readExportedLiteral } from "./js-literal.js";

describe("readExportedLiteral", () => {
  it("reads the output of minifiers", () => {
    const source =
      "!function(t){t()}(function(t,e,a){e.exports={" +
      `a:"x",'b c':[1,-.5,2e3,0.25,-1E-2],$d:{e:!0,f:!1,g:null},"h":[],i:{},j:'k',l:"\\n\\u00e9\\""` +
      "}},{})";
    expect(readExportedLiteral(source)).toEqual({
      a: "x",
      "b c": [1, -0.5, 2000, 0.25, -0.01],
      $d: { e: true, f: false, g: null },
      h: [],
      i: {},
      j: "k",
      l: '\né"',
    });
  });

  it("reads a string of megabytes", () => {
    expect(readExportedLiteral(`e.exports="${"QUJD".repeat(2_000_000)}"`)).toHaveLength(8_000_000);
  });

  it.each([
    "",
    "exports=1",
    "e.exports=f()",
    "e.exports={a:f()}",
    "e.exports={a:1",
    'e.exports="abc',
    "e.exports=[1 2]",
    "e.exports={a:!2}",
    'e.exports="\\x41"',
    `e.exports=${"[".repeat(200)}`,
  ])("refuses %j", (source) => {
    expect(() => readExportedLiteral(source)).toThrow(SyntaxError);
  });
});
