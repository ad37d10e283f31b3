/** Kind of a folder, recognised by the names in it. */
export interface FolderKind {
  readonly id: "data set" | "run" | "clips" | "posts" | "media";
  /** With its article, for messages. */
  readonly what: string;
  /** Command that reads it. */
  readonly remedy: string;
}

const MEDIA = /\.(mp4|mkv|webm|mov|avi|m4v|mpg|flv|wav|flac|mp3|m4a|ogg|opus|jpe?g|png|webp)$/i;

/** Returns the kind of a folder with these entries; undefined if no command reads it. */
export function folderKind(names: readonly string[], path: string): FolderKind | undefined {
  const has = (...some: readonly string[]): boolean => some.some((name) => names.includes(name));
  if (has("dataset.json"))
    return {
      id: "data set",
      what: "a data set of features",
      remedy: `It is read by euar inspect ${path} and euar train --data ${path}.`,
    };
  if (has("config.json") && has("history.jsonl", "weights.safetensors"))
    return {
      id: "run",
      what: "a run folder",
      remedy: `euar inspect ${path} shows it; euar evaluate and euar predict take it as --run ${path}.`,
    };
  const extract =
    `euar extract ${path} --out DATASET makes a data set of it, ` + "which euar train --data DATASET takes.";
  if (has("label.csv")) return { id: "clips", what: "a folder of clips with their labels", remedy: extract };
  if (has("labelResultAll.txt") || (has("train.jsonl") && has("test.jsonl")))
    return { id: "posts", what: "a folder of posts with their labels", remedy: extract };
  if (names.some((name) => MEDIA.test(name)))
    return {
      id: "media",
      what: "a folder of media without labels",
      remedy:
        `A trained model scores its content: euar predict --run RUN --watch ${path}. To make a data set, ` +
        "add a label.csv to the folder (docs/extract.md).",
    };
  return undefined;
}
