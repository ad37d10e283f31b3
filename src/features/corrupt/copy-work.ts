import { existsSync } from "node:fs";
import { extname, join } from "node:path";
import { defined } from "../../core/defined.js";
import { EuarError } from "../../core/errors.js";
import { jsonLine } from "../../data/files/json-line.js";
import { appendToFile, copyFileWhole } from "../../data/files/write-file.js";
import { SampleFiles } from "../decode/media-file.js";
import type { Failure, Sample, SampleSource } from "../extract/sample.js";
import { damageOn, isSpoken, spokenText, tableText } from "../extract/sample-media.js";
import { isAboutTheMachine } from "../machine-errors.js";
import { clipNames, type CopiedSample } from "./labels-table.js";
import { entriesOf, type JournalLine, type ManifestEntry, readJournal } from "./manifest.js";
import { type MediaTarget, targetPath, writeTarget } from "./media-target.js";

/** Names of the files of a copy next to its media and tables. */
export const corruptFiles = {
  request: "corrupt.json",
  manifest: "manifest.jsonl",
  failures: "failures.jsonl",
  journal: "written.jsonl",
} as const;

interface CopyPlace {
  /** Absolute path of the copy. */
  readonly out: string;
  readonly source: SampleSource;
  /** Returns the name of the table that contains a sample. */
  readonly tableOf: (sample: Sample) => string;
  readonly signal: AbortSignal;
}

/** Copies samples one by one, and records the corruptions. */
export class CopyWork {
  readonly entries: ManifestEntry[] = [];
  readonly failures: Failure[] = [];
  files = 0;
  reused = 0;
  private readonly journal: Map<string, JournalLine>;

  constructor(private readonly place: CopyPlace) {
    this.journal = readJournal(join(place.out, corruptFiles.journal));
  }

  /** @param n number of the sample, for names of files */
  async copy(sample: Sample, n: number): Promise<CopiedSample> {
    const files = new Map<string, string>();
    const { layout, modalities } = this.place.source;
    for (const target of targetsOf(this.place.source, sample, n)) {
      const written = await this.write(sample, target);
      if (written === undefined) continue;
      for (const { name, kind } of modalities) {
        if (!target.modalities.includes(name)) continue;
        files.set(name, written.path);
        if (written.changed.some((changed) => changed === kind))
          this.entries.push(...entriesOf(sample, { modality: name, kind }, written.path));
      }
    }
    const [transcript, clip] = [sample.transcript, files.get("audio") ?? files.get("vision")];
    if (layout === "clips" && transcript !== undefined && clip !== undefined)
      copyFileWhole(
        transcript,
        join(this.place.out, `${clip.slice(0, -extname(clip).length)}${extname(transcript)}`),
      );
    return { sample, files: Object.fromEntries(files), texts: await this.texts(sample) };
  }

  private async write(sample: Sample, target: SampleTarget): Promise<JournalLine | undefined> {
    const path = targetPath(target);
    const before = this.journal.get(path);
    this.files += 1;
    if (before !== undefined && existsSync(join(this.place.out, path))) {
      this.reused += 1;
      return before;
    }
    try {
      const written = await writeTarget(this.place.out, target, this.place.signal);
      const line = { path: written.path, changed: [...written.changed] };
      appendToFile(join(this.place.out, corruptFiles.journal), jsonLine(line));
      return line;
    } catch (error) {
      this.place.signal.throwIfAborted();
      if (!(error instanceof EuarError) || error.code === "io.write" || isAboutTheMachine(error)) throw error;
      const { code, message, hint } = error;
      this.failures.push({ id: sample.id, code, message, ...(hint !== undefined && { hint }) });
      return undefined;
    }
  }

  private async texts(sample: Sample): Promise<Record<string, string>> {
    const texts: [string, string][] = [];
    for (const { name: modality, kind } of this.place.source.modalities) {
      if (kind !== "text") continue;
      const text = isSpoken(modality)
        ? (await spokenText(sample, true, new SampleFiles())).text
        : tableText(sample, modality);
      if (text === undefined) continue;
      texts.push([modality, text.text]);
      this.entries.push(...entriesOf(sample, { modality, kind }, this.place.tableOf(sample)));
    }
    return Object.fromEntries(texts);
  }
}

interface SampleTarget extends MediaTarget {
  /** Modalities that the file holds. */
  readonly modalities: readonly string[];
}

function targetsOf({ layout, modalities: known }: SampleSource, sample: Sample, n: number): SampleTarget[] {
  const { id, files } = sample;
  if (layout === "clips") {
    const [source] = Object.values(files);
    const damage = { audio: damageOn(sample, "audio"), video: damageOn(sample, "vision") };
    const modalities = ["audio", "vision"];
    return source === undefined ? [] : [{ source, stem: clipNames(id).join("/"), damage, modalities }];
  }
  return Object.entries(files).map(([modality, source]): SampleTarget => {
    const damage = damageOn(sample, modality);
    const stem = `media/${modality}/${String(n).padStart(6, "0")}`;
    const { kind } = defined(known.find(({ name }) => name === modality));
    return { source, stem, damage: { [kind]: damage }, modalities: [modality] };
  });
}
