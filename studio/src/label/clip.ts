import { namesOfModality, nameFamilies } from "../../../src/data/modality-families.js";
import { readMedia, type SplitName } from "../api/samples.js";

/** Name of the labels of a whole clip. */
export const WHOLE = "all";

/** Medium of a clip that the page can show. */
export interface ClipMedium {
  readonly modality: string;
  /** For example "video/mp4". */
  readonly type: string;
  readonly address: string;
}

/** Clip, post or call to label. */
export interface Clip {
  /** Name in the store. */
  readonly sample: string;
  readonly title: string;
  readonly text: string | null;
  readonly readMedia: () => Promise<readonly ClipMedium[]>;
}

/** Part of a clip that a person sees or hears. */
export type Shown = "picture" | "sound" | "clip";

/** Returns the sample of a data set as a clip. */
export function clipOfSample(
  dataset: string,
  split: SplitName,
  { id, row, text }: { readonly id: string; readonly row: number; readonly text: string | null },
): Clip {
  return {
    sample: `${split}/${id}`,
    title: id,
    text,
    readMedia: () => readMedia(dataset, split, row),
  };
}

/** Endings of texts that belong to a clip of the same name. */
const TEXT = /\.(txt|md)$/iu;
const stemOf = (name: string): string => name.replace(/\.[^.]*$/u, "");

/**
 * Makes clips of files on the user's device. They stay in the page. Files whose names differ only in the
 * ending are one clip, so that "a.mp4" can have its text in "a.txt".
 */
export async function clipsOfFiles(files: readonly File[]): Promise<readonly Clip[]> {
  const stems = [...new Set(files.map(({ name }) => stemOf(name)))].sort();
  return Promise.all(
    stems.map(async (stem): Promise<Clip> => {
      const own = files.filter(({ name }) => stemOf(name) === stem);
      const texts = await Promise.all(own.filter(isText).map((file) => file.text()));
      const media = own.filter((file) => !isText(file)).map(mediumOf);
      return {
        sample: stem,
        title: stem,
        text: texts.length > 0 ? texts.join("\n").trim() : null,
        readMedia: () => Promise.resolve(media),
      };
    }),
  );
}

function isText({ name, type }: File): boolean {
  return type.startsWith("text/") || TEXT.test(name);
}

function mediumOf(file: File): ClipMedium {
  const { type } = file;
  const modality = type.startsWith("audio/") ? "audio" : type.startsWith("image/") ? "image" : "video";
  return { modality, type, address: URL.createObjectURL(file) };
}

/** Parts of a clip of files that can be labelled alone. */
export const FILE_PARTS: readonly string[] = nameFamilies.flatMap(([usual]) => usual ?? []);

/**
 * Returns the media that a person sees who labels a modality: without its sound for the picture, and without
 * its picture for the sound. A clip is shown once for the whole.
 */
export function shownMedia(
  media: readonly ClipMedium[],
  modality: string,
): readonly (ClipMedium & { readonly shown: Shown })[] {
  if (modality === WHOLE)
    return media
      .filter(({ type }, i) => !type.startsWith("video/") || media.findIndex((m) => m.type === type) === i)
      .map((medium) => ({ ...medium, shown: wholeOf(medium.type) }));
  if (isNameOf("text", modality)) return [];
  const sound = isNameOf("audio", modality);
  const wanted = media.filter(({ type }) =>
    sound ? !type.startsWith("image/") : !type.startsWith("audio/"),
  );
  const own = wanted.filter((medium) => medium.modality === modality);
  const [first] = own.length > 0 ? own : wanted;
  return first ? [{ ...first, shown: sound ? "sound" : "picture" }] : [];
}

/** Returns true if a person who labels the modality reads the text. */
export function showsText(modality: string): boolean {
  return modality === WHOLE || isNameOf("text", modality);
}

function wholeOf(type: string): Shown {
  if (type.startsWith("audio/")) return "sound";
  return type.startsWith("image/") ? "picture" : "clip";
}

function isNameOf(usual: string, modality: string): boolean {
  return namesOfModality(usual).includes(modality);
}
