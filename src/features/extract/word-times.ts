import { SampleFiles } from "../decode/media-file.js";
import type { Word } from "../media.js";
import type { Sample } from "./sample.js";
import { spokenText } from "./sample-media.js";

/**
 * Word times of samples. Reads the transcript or subtitles of each sample once, even if several modalities
 * are aligned to its words.
 */
export class WordTimes {
  private readonly known = new Map<Sample, readonly Word[]>();

  constructor(private readonly read: (sample: Sample) => Promise<readonly Word[]> = wordsIn) {}

  async of(sample: Sample): Promise<readonly Word[]> {
    const known = this.known.get(sample);
    if (known !== undefined) return known;
    const words = await this.read(sample);
    this.known.set(sample, words);
    return words;
  }
}

async function wordsIn(sample: Sample): Promise<readonly Word[]> {
  return (await spokenText(sample, true, new SampleFiles())).text?.words ?? [];
}
