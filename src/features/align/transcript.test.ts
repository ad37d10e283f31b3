import { describe, expect, it } from "vitest";
import type { TextMedia } from "../media.js";
import { readTranscript } from "./transcript.js";

function read(text: string | Uint8Array, name: string): TextMedia {
  return readTranscript(typeof text === "string" ? new TextEncoder().encode(text) : text, name);
}

const rounded = ({ words = [] }: TextMedia): [string, number, number][] =>
  words.map(({ text, start, end }) => [text, Math.round(start * 1000) / 1000, Math.round(end * 1000) / 1000]);

describe("SubRip", () => {
  it("gives the text without markup, and words that share each cue's time by their length", () => {
    const media = read(
      "\ufeff1\r\n00:00:01,000 --> 00:00:02,000\r\n<i>I am</i> {\\an8}fine\r\n\r\n2\r\n01:00:03,5 --> 01:00:04,000\r\nQ&amp;A &#233; 3 < 4\r\n",
      "a.SRT",
    );
    expect(media.text).toBe("I am fine Q&A \u00e9 3 < 4");
    expect(rounded(media).slice(0, 4)).toEqual([
      ["I", 1, 1.143],
      ["am", 1.143, 1.429],
      ["fine", 1.429, 2],
      ["Q&A", 3603.5, 3603.714],
    ]);
  });

  it("keeps the text of cues with impossible times, and does not place it", () => {
    const media = read(
      "1\n00:00:05,000 --> 00:00:04,000\nreversed\n\n2\n-00:00:01,000 --> 00:00:02,000\nnegative\n\n3\n00:00:NaN --> 00:00:02\nlost\n\n4\n9999:00:00,000 --> 9999:00:01,000\nlate\n\n5\n00:00:00,500 --> 00:00:01,000\nright\n",
      "a.srt",
    );
    expect(media.text).toBe("reversed negative late right");
    expect(rounded(media)).toEqual([["right", 0.5, 1]]);
  });

  it("orders cues that overlap or are out of order, and needs no empty lines", () => {
    const media = read("1\n00:00:02,000 --> 00:00:03,000\nb\n2\n00:00:01,000 --> 00:00:02,500\na", "a.srt");
    expect(rounded(media)).toEqual([
      ["a", 1, 2.5],
      ["b", 2, 3],
    ]);
    expect(media.text).toBe("b a");
  });
});

describe("WebVTT", () => {
  it("skips notes and styles, and takes the times within a cue", () => {
    const media = read(
      "WEBVTT - title\n\nNOTE nothing\n\nSTYLE\n::cue { color: red }\n\nid-1\n00:01.000 --> 00:03.000 align:start\n<v Ann>so <00:01.500><c>what</c> <00:02.250>now",
      "a.vtt",
    );
    expect(media.text).toBe("so what now");
    expect(rounded(media)).toEqual([
      ["so", 1, 1.5],
      ["what", 1.5, 2.25],
      ["now", 2.25, 3],
    ]);
  });

  it("of megabytes, in one cue or in many, is read in time that grows with its size", () => {
    const many = `WEBVTT\n\n${"00:01.000 --> 00:03.000\nword <c\n\n".repeat(20_000)}`;
    expect(read(many, "a.vtt").words).toHaveLength(40_000);
    const one = `00:00:01,000 --> 00:00:03,000\n${"<&#".repeat(3_000_000)}`;
    expect(read(one, "a.srt").text.length).toBeGreaterThan(1000);
  });
});

describe("JSON", () => {
  it.each<[string, unknown]>([
    [
      "our words",
      {
        words: [
          { text: "oh", start: 0, end: 0.5 },
          { text: "no", start: 0.5, end: 1 },
        ],
      },
    ],
    [
      "Gentle",
      {
        transcript: "oh no",
        words: [
          { word: "oh", case: "success", start: 0, end: 0.5, phones: [] },
          { word: "no", case: "success", start: 0.5, end: 1 },
        ],
      },
    ],
    [
      "Whisper with words",
      {
        text: "oh no",
        segments: [
          {
            id: 0,
            start: 0,
            end: 1,
            text: " oh no",
            words: [
              { word: " oh", start: 0, end: 0.5 },
              { word: " no", start: 0.5, end: 1 },
            ],
          },
        ],
      },
    ],
    ["Whisper without words", { segments: [{ start: 0, end: 1, text: " oh no" }] }],
    [
      "the Montreal Forced Aligner",
      {
        start: 0,
        end: 1,
        tiers: {
          words: {
            type: "interval",
            entries: [
              [0, 0.5, "oh"],
              [0.5, 1, "no"],
              [1, 1.2, ""],
            ],
          },
        },
      },
    ],
  ])("%s", (_, value) => {
    expect(read(JSON.stringify(value), "a.json")).toEqual({
      text: "oh no",
      words: [
        { text: "oh", start: 0, end: 0.5 },
        { text: "no", start: 0.5, end: 1 },
      ],
    });
  });

  it("keeps words that were not found on the clip in the text alone", () => {
    const words = [
      { word: "oh", case: "not-found-in-audio" },
      { word: "no", start: 1, end: 2 },
      { word: "x", start: null, end: 2 },
    ];
    expect(read(JSON.stringify({ words }), "a.json")).toEqual({
      text: "oh no x",
      words: [{ text: "no", start: 1, end: 2 }],
    });
    expect(read(JSON.stringify({ words: words.slice(0, 1) }), "a.json")).toEqual({ text: "oh" });
  });
});

describe("what is no transcript", () => {
  it.each<[string, string | Uint8Array, string, string]>([
    ["another ending", "hello", "a.doc", "media.unsupported"],
    ["no cue", "hello", "a.srt", "media.damaged"],
    ["no JSON", "{", "a.json", "media.damaged"],
    ["JSON of another form", '{"a": 1}', "a.json", "media.unsupported"],
    ["Latin-1", Uint8Array.of(0x31, 0xe9, 0x31), "a.srt", "media.damaged"],
    ["far too much", new Uint8Array(40 * 2 ** 20), "a.srt", "media.too-large"],
  ])("%s is refused", (_, content, name, code) => {
    expect(() => read(content, name)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(name) as string }) as Error,
    );
  });

  it("an empty file is an empty text", () => {
    expect(read("", "a.srt")).toEqual({ text: "" });
    expect(read("WEBVTT\n", "a.vtt")).toEqual({ text: "" });
  });

  it("UTF-16 with a byte order mark is read", () => {
    const text = "\ufeff1\n00:00:01,000 --> 00:00:02,000\nhi\n";
    expect(read(new Uint8Array(Uint16Array.from(text, (c) => c.charCodeAt(0)).buffer), "a.srt").text).toBe(
      "hi",
    );
  });
});
