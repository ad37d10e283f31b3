import { EuarError } from "../../core/errors.js";
import { prepareFeatures } from "../align/prepare-features.js";
import { SampleFiles } from "../decode/media-file.js";
import { FeatureCache, featureKey } from "../feature-cache.js";
import { isAboutTheMachine } from "../machine-errors.js";
import type { TextMedia } from "../media.js";
import { type ModalityPipeline, openPipeline } from "../modality-pipeline.js";
import type { MediaEnvironment } from "../raw-media.js";
import { noiseOn } from "./media-noise.js";
import type { ExtractPlan, Identities, ModalityPlan, ModalityResult } from "./plan.js";
import type { Sample } from "./sample.js";
import {
  contentOf,
  damageKey,
  damageOn,
  decodingOf,
  isSpoken,
  spokenText,
  tableText,
} from "./sample-media.js";

/** Modality with its loaded adapter. */
interface Maker {
  readonly plan: ModalityPlan;
  readonly pipeline: ModalityPipeline;
}

/** Media that the modalities of one sample share. */
interface SharedMedia {
  /** Spoken text, with the times of its words. */
  readonly spoken: TextMedia | undefined;
  readonly files: SampleFiles;
  readonly signal: AbortSignal | undefined;
}

/** Extracts the modalities of a sample one after the other, through the cache. */
export class SampleExtractor {
  private constructor(
    private readonly makers: readonly Maker[],
    private readonly cache: FeatureCache,
  ) {}

  /**
   * Loads the plan's adapters.
   * @throws ConfigError
   * @throws MediaError "media.missing-package"
   */
  static async open(plan: ExtractPlan, environment: MediaEnvironment): Promise<SampleExtractor> {
    const makers: Maker[] = [];
    try {
      for (const modality of plan.modalities)
        makers.push({ plan: modality, pipeline: await openPipeline(modality, environment) });
    } catch (error) {
      for (const { pipeline } of makers) pipeline.close();
      throw error;
    }
    return new SampleExtractor(makers, new FeatureCache(plan.cache));
  }

  get identities(): Identities {
    return Object.fromEntries(this.makers.map(({ plan, pipeline }) => [plan.modality, pipeline.identity]));
  }

  /**
   * Extracts one sample. A problem of the sample itself becomes part of the result.
   * @throws EuarError for a failure that would repeat for every sample
   * @throws the signal's reason when aborted
   */
  async extract(sample: Sample, signal?: AbortSignal): Promise<ModalityResult[]> {
    const files = new SampleFiles();
    const isWanted = this.makers.some(({ plan }) => isSpoken(plan.modality));
    const { text: spoken, failure } = await spokenText(sample, isWanted, files);
    const results: ModalityResult[] = failure === undefined ? [] : [failed("text", failure)];
    for (const maker of this.makers) {
      signal?.throwIfAborted();
      try {
        results.push(await this.extractOne(maker, sample, { spoken, files, signal }));
      } catch (error) {
        signal?.throwIfAborted();
        if (!(error instanceof EuarError) || isAboutTheMachine(error)) throw error;
        results.push(failed(maker.plan.modality, error));
      }
    }
    return results;
  }

  close(): void {
    for (const { pipeline } of this.makers) pipeline.close();
  }

  private async extractOne(
    { plan, pipeline }: Maker,
    sample: Sample,
    { spoken, files, signal }: SharedMedia,
  ): Promise<ModalityResult> {
    const { modality, kind, preparation } = plan;
    const own = isSpoken(modality) ? spoken : tableText(sample, modality);
    const source = kind === "text" ? own : sample.files[modality];
    if (source === undefined) return { kind: "absent", modality };
    const hash = await contentOf(kind, source, files);
    // The noise and the corruption of a text are already in its words.
    const noise = kind === "text" ? undefined : noiseOn(modality, sample.noise, sample.id);
    const damage = kind === "text" ? undefined : damageOn(sample, modality);
    const decoding = [decodingOf(plan, sample), damage === undefined ? "" : await damageKey(damage)];
    const key = featureKey(hash, pipeline.identity, decoding.filter((part) => part !== "").join(", "));
    const stored = this.cache.read(key);
    const features = stored ?? (await pipeline.features(source, { files, noise, damage, signal }));
    if (features === undefined) return { kind: "absent", modality };
    if (stored === undefined) await this.cache.write(key, features);
    const { steps, mask, quality } = prepareFeatures(features, preparation, spoken?.words);
    return {
      kind: "made",
      modality,
      key,
      steps,
      usable: mask.includes(1),
      quality,
      cached: stored !== undefined,
    };
  }
}

function failed(modality: string, { code, message, hint }: EuarError): ModalityResult {
  return { kind: "failed", modality, code, message, ...(hint !== undefined && { hint }) };
}
