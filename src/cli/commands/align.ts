import { existsSync } from "node:fs";
import { z } from "zod";
import { ConfigError } from "../../core/errors.js";
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
import { continuable, counting, interruptibleWork } from "../interruptible-work.js";
import { PartialFailure } from "../partial-failure.js";

const schema = z.strictObject({
  input: z.string().describe("clip, or folder of clips with a label.csv"),
  text: z
    .string()
    .min(1)
    .optional()
    .describe("spoken text of the clip (for a folder, the column text of label.csv)"),
  overwrite: z.boolean().default(false).describe("replace existing transcripts"),
  speechModel: z
    .string()
    .optional()
    .describe(
      "folder with PocketSphinx's English model (en-us/ and cmudict-en-us.dict); default: the folder " +
        "where its packages install it",
    ),
});

export const alignCommand = defineCommand({
  name: "align",
  description:
    "Finds the time of each spoken word and writes a transcript (CLIP.json) next to the clip, which " +
    "extract --align word and predict use. Supports English; requires PocketSphinx. Words missing " +
    "from its dictionary keep their place in the text but get no time.",
  schema,
  positional: { key: "input", label: "input" },
  examples: [
    'euar align clip.mp4 --text "not again"',
    "euar align clips",
    "euar extract clips --out clips-data --align word",
  ],
  run: async ({ input, text, overwrite, speechModel }, context) => {
    const clips = isClip(input) ? [oneClip(input, text)] : clipsOf(input, text);
    const interrupted = continuable("the alignment", "Clips that have a transcript are skipped.");
    const summary = await interruptibleWork(
      context,
      { label: "align", stopping: "Stopping. The transcripts written so far are kept.", interrupted },
      (signal, progress) =>
        alignClips(clips, {
          overwrite,
          model: speechModel,
          signal,
          onProgress: counting(progress, "clips"),
        }),
    );
    context.result(summary, summaryText(summary));
    const [first] = summary.failures;
    if (first) throw new PartialFailure(first.code, summary.failures.length, clips.length, "aligned");
  },
});

function oneClip(clip: string, text: string | undefined): ClipToAlign {
  if (text === undefined)
    throw new ConfigError("config.conflict", "euar align: the spoken text of the clip is missing", {
      hint: 'Give it with --text "...".',
    });
  const transcript = transcriptPath(clip);
  return { id: clip, clip, text, transcript: existsSync(transcript) ? transcript : undefined };
}

function clipsOf(folder: string, text: string | undefined): ClipToAlign[] {
  if (text !== undefined)
    throw new ConfigError("config.conflict", "euar align: --text applies to one clip, not to a folder", {
      hint: "Leave it out. The folder's label.csv has the spoken texts.",
    });
  const { samples } = readSource(folder, { label: "label", seed: 1 });
  return samples.flatMap((sample): ClipToAlign[] => {
    const { id, clip, transcript } = sample;
    const spoken = mainText(sample);
    return clip === undefined || spoken === undefined || spoken.trim() === ""
      ? []
      : [{ id, clip, text: spoken, transcript }];
  });
}

function summaryText({ written, kept, words, unknown, failures }: AlignSummary): string {
  const lines = [
    `${written.length} transcripts written, with ${words} words; ${unknown} words are not in the ` +
      "dictionary and have no time",
  ];
  if (kept > 0) lines.push(`${kept} clips already had a transcript and were skipped`);
  return [...lines, ...failures.map(({ id, message }) => `${id}: ${message}`)].join("\n");
}
