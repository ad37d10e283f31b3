import { readdirSync } from "node:fs";
import { basename, extname, join, resolve } from "node:path";
import { causeText } from "../../core/cause-text.js";
import { DataError } from "../../core/errors.js";
import { randomKey, uniformAt } from "../../core/random.js";
import type { SplitName } from "../../data/dataset.js";
import { readHead } from "../../data/formats/file-source.js";
import { refuseGroups } from "./read-posts.js";
import type { SourceOptions } from "./read-clips.js";
import type { Sample, SampleSource } from "./sample.js";

/** Folders of the splits. The valid split is optional. */
const SPLIT_FOLDERS: Readonly<Record<SplitName, readonly string[]>> = {
  train: ["train"],
  valid: ["valid", "val"],
  test: ["test"],
};
/** Fraction of train that becomes valid if there is no valid split. */
const VALID_SHARE = 0.1;
/** Smallest ratio of width to height of two pictures side by side. */
const NARROWEST_PAIR = 2;

/** Picture whose split is not yet known. */
interface Scene {
  readonly id: string;
  readonly label: string;
  readonly file: string;
}

/**
 * Recognises NYU Depth V2 in the layout of published code for RGB-D scenes: train and test (optionally val),
 * each with one folder of PNG files per class. Each PNG holds an RGB picture and its depth side by side. The
 * shape of the first picture distinguishes it from a folder of single pictures by class.
 */
export function isSceneFolder(folder: string): boolean {
  const first = scenesOf(folder, "train")[0];
  if (first === undefined || scenesOf(folder, "test").length === 0) return false;
  const size = pngSize(first.file);
  return size !== undefined && size.width >= NARROWEST_PAIR * size.height;
}

/**
 * Reads RGB-D scenes by class. The modality `rgb` is the left half of each picture, `depth` the right half.
 * The class is the name of the folder. Without a valid split, draws a tenth of each class of train with the
 * seed.
 * @throws ConfigError for a column to group by
 * @throws DataError for a folder that cannot be listed
 */
export function readScenes(folder: string, { seed, ...options }: SourceOptions): SampleSource {
  refuseGroups(folder, options);
  const root = resolve(folder);
  const [train, valid] = [scenesOf(root, "train"), scenesOf(root, "valid")];
  const drawn = valid.length === 0 ? drawValid(train, seed) : new Set<string>();
  const samples = [
    ...train.map((scene) => sampleOf(scene, drawn.has(scene.id) ? "valid" : "train")),
    ...valid.map((scene) => sampleOf(scene, "valid")),
    ...scenesOf(root, "test").map((scene) => sampleOf(scene, "test")),
  ];
  const note = `it has no folder of valid: a tenth of each class of train was drawn with seed ${seed}`;
  return {
    name: basename(root),
    layout: "scenes",
    samples,
    failures: [],
    modalities: [
      { name: "rgb", kind: "image", part: "left" },
      { name: "depth", kind: "image", part: "right" },
    ],
    gaussianInLevels: true,
    notes: drawn.size > 0 ? [note] : [],
  };
}

function sampleOf({ id, label, file }: Scene, split: SplitName): Sample {
  return { id, split, label, texts: {}, files: { rgb: file, depth: file }, transcript: undefined };
}

/** Scenes of a split, sorted by class and name. */
function scenesOf(root: string, split: SplitName): Scene[] {
  return SPLIT_FOLDERS[split].flatMap((name) =>
    entries(join(root, name), true).flatMap((label) =>
      entries(join(root, name, label), false).map((file) => ({
        id: `${name}/${label}/${file.slice(0, -extname(file).length)}`,
        label,
        file: join(root, name, label, file),
      })),
    ),
  );
}

/** Names of the folders, or of the PNG files, in a folder. Empty if the folder does not exist. */
function entries(folder: string, folders: boolean): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) =>
        folders ? entry.isDirectory() : entry.isFile() && extname(entry.name).toLowerCase() === ".png",
      )
      .map(({ name }) => name)
      .sort();
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && (cause.code === "ENOENT" || cause.code === "ENOTDIR"))
      return [];
    throw new DataError("data.not-found", `${folder} cannot be listed: ${causeText(cause)}`, {
      hint: "Check its permissions.",
      cause,
    });
  }
}

/** Draws the ids of a tenth of each class, at least one if the class has two or more. */
function drawValid(train: readonly Scene[], seed: number): ReadonlySet<string> {
  const labels = [...new Set(train.map(({ label }) => label))];
  const ranked = train
    .map(({ id, label }) => ({ id, label, rank: uniformAt(randomKey(seed, `split/${id}`), 0) }))
    .sort((a, b) => a.rank - b.rank || (a.id < b.id ? -1 : 1));
  return new Set(
    labels.flatMap((label) => {
      const own = ranked.filter((scene) => scene.label === label);
      const count = own.length < 2 ? 0 : Math.max(1, Math.round(VALID_SHARE * own.length));
      return own.slice(0, count).map(({ id }) => id);
    }),
  );
}

/** Number of bytes of a PNG up to the end of its height. */
const PNG_HEAD = 24;

function pngSize(path: string): { readonly width: number; readonly height: number } | undefined {
  const head = Buffer.from(readHead(path));
  if (head.length < PNG_HEAD || head.toString("latin1", 1, 4) !== "PNG") return undefined;
  return { width: head.readUInt32BE(16), height: head.readUInt32BE(20) };
}
