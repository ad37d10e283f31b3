import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { MediaError } from "../../../core/errors.js";

/** Language model of PocketSphinx. */
export interface SpeechModel {
  /** Folder of the acoustic model. */
  readonly acoustic: string;
  /** Path of the pronouncing dictionary. */
  readonly dictionary: string;
  /** True if the dictionary has an entry. */
  readonly knows: (entry: string) => boolean;
  /** Returns the dictionary's lines of an entry: its pronunciations. Empty if the dictionary has none. */
  readonly pronunciations: (entry: string) => readonly string[];
  /** Names of all speech sounds, such as "AA". */
  readonly sounds: readonly string[];
}

const FOLDERS = [
  "/usr/share/pocketsphinx/model/en-us",
  "/usr/local/share/pocketsphinx/model/en-us",
  "/opt/homebrew/share/pocketsphinx/model/en-us",
];
const ACOUSTIC = "en-us";
const DICTIONARY = "cmudict-en-us.dict";

export const installPocketsphinxHint =
  "On Debian and Ubuntu: sudo apt install pocketsphinx pocketsphinx-en-us. Elsewhere, name the model's " +
  "folder.";

/**
 * Loads the English model of PocketSphinx.
 * @param folder folder with `en-us/` and `cmudict-en-us.dict`. Default: the folders of installed packages
 * @throws MediaError "media.missing-tool"
 */
export async function loadSpeechModel(folder?: string): Promise<SpeechModel> {
  const found = (folder === undefined ? FOLDERS : [folder]).find(
    (path) => existsSync(join(path, ACOUSTIC)) && existsSync(join(path, DICTIONARY)),
  );
  if (found === undefined) {
    const where =
      folder === undefined
        ? "is not installed"
        : `is not in ${folder}: ${ACOUSTIC}/ and ${DICTIONARY} are expected there`;
    throw new MediaError("media.missing-tool", `PocketSphinx's English model ${where}`, {
      hint: installPocketsphinxHint,
    });
  }
  const dictionary = join(found, DICTIONARY);
  const entries = new Map<string, string[]>();
  const sounds = new Set<string>();
  for (const line of (await readFile(dictionary, "utf8")).split("\n")) {
    const [word = "", ...spoken] = line.trim().split(/\s+/);
    if (word === "") continue;
    const entry = word.replace(/\(\d+\)$/, ""); // "a(2)" is another pronunciation of "a"
    entries.set(entry, [...(entries.get(entry) ?? []), line]);
    for (const sound of spoken) sounds.add(sound);
  }
  return {
    acoustic: join(found, ACOUSTIC),
    dictionary,
    knows: (entry) => entries.has(entry),
    pronunciations: (entry) => entries.get(entry) ?? [],
    sounds: [...sounds].sort(),
  };
}
