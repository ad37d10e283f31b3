import { describe, expect, it } from "vitest";
import type { BodyAnswer, BodyRequest } from "./scorer.js";
import { packAnswer, packBodies, unpackAnswer, unpackBodies } from "./thread-messages.js";

const request = (size: number, fill: number, other: Partial<BodyRequest> = {}): BodyRequest => ({
  form: "json",
  level: 0.9,
  available: undefined,
  body: new Uint8Array(size).fill(fill),
  ...other,
});

describe("bodies of a batch", () => {
  const requests = [
    request(3, 1),
    request(100_000, 2, { form: "safetensors" }),
    request(5, 3, { available: ["text"] }),
    request(0, 0, { available: ["text"] }),
    request(9, 4, { level: 0.5 }),
    request(2, 5, { available: ["audio"] }),
  ];

  it("are the same after the way to a thread", () => {
    const before = structuredClone(requests);
    const packed = packBodies(requests);
    const sent = structuredClone(packed, { transfer: [...packed.buffers] });
    expect(unpackBodies(sent)).toEqual(before);
    expect(requests[1]?.body.length).toBe(0); // moved, not copied
    expect(requests[0]?.body.length).toBe(3);
  });

  it("share their options and one aligned buffer", () => {
    const { buffers, options, places } = packBodies([request(3, 1), request(5, 2), request(1, 3)]);
    expect([buffers.length, options.length]).toEqual([1, 1]);
    expect([places[1], places[5], places[9]]).toEqual([0, 8, 16]);
  });

  it("keep the other bytes of a large body's buffer", () => {
    const whole = new Uint8Array(200_000).fill(7);
    const packed = packBodies([request(0, 0, { body: whole.subarray(8, 150_000) })]);
    structuredClone(packed, { transfer: [...packed.buffers] });
    expect(whole.length).toBe(200_000);
  });
});

it("answers are the same after the way from a thread", () => {
  const prediction = { kind: "prediction", id: undefined, json: "{}" } as const;
  const answers: BodyAnswer[] = [
    { many: false, samples: [prediction] },
    { many: true, samples: [prediction] },
    { many: false, samples: [{ ...prediction, id: 0 }] },
    { many: false, samples: [{ kind: "text", id: undefined, text: "a" }] },
    { many: false, samples: [] },
  ];
  expect(answers.map((answer) => unpackAnswer(structuredClone(packAnswer(answer))))).toEqual(answers);
  expect(packAnswer({ many: false, samples: [prediction] })).toBe("{}");
});
