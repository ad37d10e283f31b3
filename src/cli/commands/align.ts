import { existsSync } from "node:fs";
import { z } from "zod";
import { ConfigError, MediaError } from "../../core/errors.js";
import {
  alignClips,
  type AlignSummary,
  type ClipToAlign,
  isClip,
  transcriptPath,
} from "../../features/align/forced/align-clips.js";
import { readSource } from "../../features/extract/read-source.js";
import { mainText } from "../../features/extract/sample-media.js";
import { defineCommand } from "../command.js";
import { interruptibleWork } from "../interruptible-work.js";
import { PartialFailure } from "../partial-failure.js";

const schema = z.strictObject({
  input: z.string().describe("a clip, or a folder of clips with a label.csv"),
  text: z
    .string()
    .min(1)
    .optional()
    .describe("what is said in the clip (a folder has it in its column text)"),
  overwrite: z.boolean().default(false).describe("replace transcripts that are there"),
  speechModel: z
    .string()
    .optional()
    .describe(
      "folder with PocketSphinx's English model: en-us/ and cmudict-en-us.dict; where its packages put it by default",
    ),
});

export const alignCommand = defineCommand({
  name: "align",
  description:
    "Finds when each word is said, and writes it beside the clip as a transcript (CLIP.json) that extract --align word and predict use. English; needs PocketSphinx. " +
    "Words that its dictionary does not have stay in the text without a time.",
  schema,
  positional: { key: "input", label: "input" },
  examples: [
    'euar align clip.mp4 --text "not again"',
    "euar align clips",
    "euar extract clips --out clips-data --align word",
  ],
  run: async ({ input, text, overwrite, speechModel }, context) => {
    const clips = isClip(input) ? [oneClip(input, text)] : clipsOf(input, text);
    const interrupted = (cause: unknown): Error =>
      new MediaError("media.interrupted", "the alignment was interrupted", {
        hint: "Run the same command again to go on: clips with a transcript are left alone.",
        cause,
      });
    const summary = await interruptibleWork(
      context,
      { label: "align", stopping: "Stopping; the transcripts written so far are kept.", interrupted },
      (signal, progress) =>
        alignClips(clips, {
          overwrite,
          model: speechModel,
          signal,
          onProgress: (done, total) => {
            progress.update(done / total, `${done} of ${total} clips`);
          },
        }),
    );
    context.result(summary, summaryText(summary));
    const [first] = summary.failures;
    if (first) throw new PartialFailure(first.code, summary.failures.length, clips.length, "aligned");
  },
});

function oneClip(clip: string, text: string | undefined): ClipToAlign {
  if (text === undefined)
    throw new ConfigError("config.conflict", "euar align: what is said in the clip is not given", {
      hint: 'Give it with --text "...".',
    });
  const transcript = transcriptPath(clip);
  return { id: clip, clip, text, transcript: existsSync(transcript) ? transcript : undefined };
}

function clipsOf(folder: string, text: string | undefined): ClipToAlign[] {
  if (text !== undefined)
    throw new ConfigError("config.conflict", "euar align: --text belongs to one clip, not to a folder", {
      hint: "Leave it out: the folder's label.csv says what is said.",
    });
  const { samples } = readSource(folder, { label: "label", seed: 1 });
  return samples.flatMap((sample): ClipToAlign[] => {
    const { id, clip, transcript } = sample;
    const said = mainText(sample);
    return clip === undefined || said === undefined || said.trim() === ""
      ? []
      : [{ id, clip, text: said, transcript }];
  });
}

function summaryText({ written, kept, words, unknown, failures }: AlignSummary): string {
  const lines = [
    `${written.length} transcripts written, with ${words} words; ${unknown} words have no time, for the dictionary does not have them`,
  ];
  if (kept > 0) lines.push(`${kept} clips had a transcript already and were left alone`);
  return [...lines, ...failures.map(({ id, message }) => `${id}: ${message}`)].join("\n");
}
