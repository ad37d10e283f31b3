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
      "\ufeff1\r\n00:00:01,000 --> 00:00:02,000\r\n<i>I am</i> {\\an8}fine\r\n\r\n2\r\n01:00:03,5 --> " +
        "01:00:04,000\r\nQ&amp;A &#233; 3 < 4\r\n",
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
      "1\n00:00:05,000 --> 00:00:04,000\nreversed\n\n2\n-00:00:01,000 --> " +
        "00:00:02,000\nnegative\n\n3\n00:00:NaN --> 00:00:02\nlost\n\n4\n9999:00:00,000 --> " +
        "9999:00:01,000\nlate\n\n5\n00:00:00,500 --> 00:00:01,000\nright\n",
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
      "WEBVTT - title\n\nNOTE nothing\n\nSTYLE\n::cue { color: red }\n\nid-1\n00:01.000 --> 00:03.000 " +
        "align:start\n<v Ann>so <00:01.500><c>what</c> <00:02.250>now",
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

describe("captions that roll", () => {
  const rolling = [
    "WEBVTT\nKind: captions\n",
    "00:00:00.100 --> 00:00:01.400 align:start position:0%\n \nhe<00:00:00.430><c> " +
      "was</c><00:00:00.760><c> not</c>\n",
    "00:00:01.400 --> 00:00:01.410 align:start position:0%\nhe was not\n \n",
    "00:00:01.410 --> 00:00:02.800 align:start position:0%\nhe was not\nan<00:00:01.750><c> ill</c>\n",
    "00:00:02.800 --> 00:00:02.810 align:start position:0%\nan ill\n \n",
  ].join("\n");

  it("give every word once, when it appears", () => {
    const media = read(rolling, "a.vtt");
    expect(media.text).toBe("he was not an ill");
    expect(rounded(media)).toEqual([
      ["he", 0.1, 0.43],
      ["was", 0.43, 0.76],
      ["not", 0.76, 1.4],
      ["an", 1.41, 1.75],
      ["ill", 1.75, 2.8],
    ]);
  });

  it("are read in SubRip, too, without times inside a cue", () => {
    const cues = ["so it\n", "so it\nwent\n", "went\non\n"].map(
      (body, i) => `${i + 1}\n00:00:0${i},000 --> 00:00:0${i + 1},000\n${body}`,
    );
    expect(read(cues.join("\n"), "a.srt").text).toBe("so it went on");
  });

  it("are not found in repeated words", () => {
    const cues = ["no", "no", "I said no", "no"].map(
      (body, i) => `${i + 1}\n00:00:0${i},000 --> 00:00:0${i + 1},000\n${body}\n`,
    );
    expect(read(cues.join("\n"), "a.srt").text).toBe("no no I said no no");
  });
});

describe("other programs", () => {
  const both = {
    text: "oh no",
    words: [
      { text: "oh", start: 0, end: 0.5 },
      { text: "no", start: 0.5, end: 1 },
    ],
  };

  it.each<[string, unknown]>([
    [
      "WhisperX",
      {
        segments: [
          {
            start: 0,
            end: 1,
            text: " oh no",
            words: [
              { word: "oh", start: 0, end: 0.5, score: 0.9 },
              { word: "no", start: 0.5, end: 1, score: 0.9 },
            ],
          },
        ],
        word_segments: [{ word: "oh", start: 0, end: 0.5 }],
      },
    ],
    [
      "whisper.cpp with tokens",
      {
        transcription: [
          {
            text: " oh no",
            timestamps: { from: "00:00:00,000", to: "00:00:01,000" },
            offsets: { from: 0, to: 1000 },
            tokens: [
              { text: "[_BEG_]", offsets: { from: 0, to: 0 } },
              { text: " oh", offsets: { from: 0, to: 500 } },
              { text: " n", offsets: { from: 500, to: 700 } },
              { text: "o", offsets: { from: 700, to: 1000 } },
            ],
          },
        ],
      },
    ],
    ["whisper.cpp", { transcription: [{ text: " oh no", offsets: { from: 0, to: 1000 } }] }],
    [
      "transformers.js with words",
      {
        text: " oh no",
        chunks: [
          { text: " oh", timestamp: [0, null] },
          { text: " no", timestamp: [0.5, 1] },
        ],
      },
    ],
    [
      "Vosk",
      [
        { result: [{ conf: 1, word: "oh", start: 0, end: 0.5 }], text: "oh" },
        { result: [{ conf: 1, word: "no", start: 0.5, end: 1 }], text: "no" },
        { text: "" },
      ],
    ],
    [
      "Amazon Transcribe",
      {
        jobName: "a",
        results: {
          transcripts: [{ transcript: "oh no" }],
          items: [
            { type: "pronunciation", start_time: "0.0", end_time: "0.5", alternatives: [{ content: "oh" }] },
            { type: "pronunciation", start_time: "0.5", end_time: "1.0", alternatives: [{ content: "no" }] },
            { type: "punctuation", alternatives: [{ content: "." }] },
          ],
        },
      },
    ],
    [
      "words beside segments without any",
      {
        text: "oh no",
        segments: [{ start: 0, end: 9, text: "oh no" }],
        words: [
          { word: "oh", start: 0, end: 0.5 },
          { word: "no", start: 0.5, end: 1 },
        ],
      },
    ],
  ])("JSON of %s", (_, value) => {
    expect(read(JSON.stringify(value), "a.json")).toEqual(both);
  });

  it.each<[string, string]>([
    [
      "long",
      'File type = "ooTextFile"\nObject class = "TextGrid"\n\nxmin = 0\nxmax = 1\ntiers? <exists>\n' +
        "size = 2\nitem []:\n" +
        ' item [1]:\n  class = "IntervalTier"\n  name = "phones"\n  xmin = 0\n  xmax = 1\n' +
        '  intervals: size = 1\n  intervals [1]:\n   xmin = 0\n   xmax = 1\n   text = "OW1"\n' +
        ' item [2]:\n  class = "IntervalTier"\n  name = "words"\n  xmin = 0\n  xmax = 1\n' +
        '  intervals: size = 3\n  intervals [1]:\n   xmin = 0\n   xmax = 0.5\n   text = "oh"\n' +
        '  intervals [2]:\n   xmin = 0.5\n   xmax = 1\n   text = "no"\n' +
        '  intervals [3]:\n   xmin = 1\n   xmax = 1.5\n   text = ""\n',
    ],
    [
      "short",
      'File type = "ooTextFile"\n"TextGrid"\n0\n1\n<exists>\n1\n"IntervalTier"\n"words"\n' +
        '0\n1\n2\n0\n0.5\n"oh"\n0.5\n1\n"no"\n',
    ],
  ])("Praat's %s TextGrid", (_, grid) => {
    expect(read(grid, "a.TextGrid")).toEqual(both);
  });

  it("TextGrids that are cut off or have an open quote lose only the part after it", () => {
    expect(
      read('File type = "ooTextFile"\n"IntervalTier" "words" 0 1 5 0 0.5 "oh" 0.5 1 "n', "a.TextGrid").text,
    ).toBe("oh n");
    expect(read(`"IntervalTier" "words" 0 1 2 0 0.5 "oh" ${'" '.repeat(500_000)}`, "a.TextGrid").text).toBe(
      "oh",
    );
    expect(() => read('File type = "ooTextFile"\n', "a.TextGrid")).toThrow(/no interval tier/);
  });

  it("Advanced SubStation Alpha", () => {
    const ass =
      "[Script Info]\nTitle: x\n\n[Events]\n" +
      "Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n" +
      "Comment: 0,0:00:00.00,0:00:09.00,Default,,0,0,0,,not said\n" +
      "Dialogue: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,{\\i1}well{\\i0}, no\\Nyes\n" +
      "Dialogue: 0,0:00:00.50,0:00:01.00,Default,,0,0,0,,{\\p1}m 0 0 l 1 1{\\p0}\n" +
      "Dialogue: 0,0:00:00.00,0:00:01.00,Default,,0,0,0,,oh\n";
    const media = read(ass, "a.ass");
    expect(media.text).toBe("oh well, no yes");
    expect(rounded(media)[0]).toEqual(["oh", 0, 1]);
    expect(rounded(media).at(-1)).toEqual(["yes", 1.7, 2]);
  });
});

describe("files that are not transcripts", () => {
  it.each<[string, string | Uint8Array, string, string]>([
    ["another ending", "hello", "a.doc", "media.unsupported"],
    ["no cue", "hello", "a.srt", "media.damaged"],
    ["no JSON", "{", "a.json", "media.damaged"],
    ["JSON without end", "[".repeat(2_000_000), "a.json", "media.damaged"],
    ["JSON with a key twice", '{"words": [], "words": []}', "a.json", "media.damaged"],
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
