import { EuarError } from "../../core/errors.js";
import type { AdapterIdentity } from "../../data/adapter-identity.js";
import type { AdapterEnvironment, MediaByKind, MediumKind } from "../adapter.js";
import { prepareFeatures } from "../align/prepare-features.js";
import type { DecodeNote } from "../decode/decode-note.js";
import { checkLength, loadFile } from "../decode/load-file.js";
import { withDecodeProblems } from "../decode-problems.js";
import { FeatureCache, featureKey } from "../feature-cache.js";
import type { ExtractedFeatures, FeatureExtractor } from "../feature-extractor.js";
import { isAboutTheMachine } from "../machine-errors.js";
import type { ImageMedia, TextMedia } from "../media.js";
import { createExtractor, modalityKinds, type RawModality } from "../registry.js";
import { noisyImage } from "./media-noise.js";
import type { ExtractPlan, Identities, ModalityPlan, ModalityResult } from "./plan.js";
import type { Sample } from "./sample.js";
import { decodingOf, hashFile, hashText, textOf } from "./sample-media.js";

/** An adapter with its kind of medium forgotten: content in, features out. */
interface Maker {
  readonly plan: ModalityPlan;
  readonly identity: AdapterIdentity;
  /** sha-256 of the sample's medium; undefined where it has none. */
  readonly content: (sample: Sample, text: TextMedia | undefined) => Promise<string | undefined>;
  /** Undefined where the file has no such stream. */
  readonly make: (
    sample: Sample,
    text: TextMedia | undefined,
    signal: AbortSignal | undefined,
  ) => Promise<ExtractedFeatures | undefined>;
  readonly close: () => void;
}

/** Makes all modalities of one sample after the other, through the cache. */
export class SampleExtractor {
  private constructor(
    private readonly makers: readonly Maker[],
    private readonly plan: ExtractPlan,
    private readonly cache: FeatureCache,
  ) {}

  /** Loads the plan's adapters. @throws ConfigError, MediaError "media.missing-package" */
  static async open(plan: ExtractPlan, environment: AdapterEnvironment): Promise<SampleExtractor> {
    const makers: Maker[] = [];
    try {
      for (const modality of plan.modalities) makers.push(await makerOf(modality, plan, environment));
    } catch (error) {
      for (const maker of makers) maker.close();
      throw error;
    }
    return new SampleExtractor(makers, plan, new FeatureCache(plan.cache));
  }

  get identities(): Identities {
    return Object.fromEntries(this.makers.map(({ plan, identity }) => [plan.modality, identity]));
  }

  /**
   * Never throws for what is wrong with the sample. @throws EuarError for what would go wrong with every
   * sample; the signal's reason when aborted
   */
  async extract(sample: Sample, signal?: AbortSignal): Promise<ModalityResult[]> {
    const { text, failure } = await textOf(
      sample,
      this.plan.modalities.some(({ modality }) => modality === "text"),
    );
    const results: ModalityResult[] = failure === undefined ? [] : [failed("text", failure)];
    for (const maker of this.makers) {
      signal?.throwIfAborted();
      const { modality } = maker.plan;
      try {
        results.push(await this.extractOne(maker, sample, text, signal));
      } catch (error) {
        signal?.throwIfAborted();
        if (!(error instanceof EuarError) || isAboutTheMachine(error)) throw error;
        results.push(failed(modality, error));
      }
    }
    return results;
  }

  close(): void {
    for (const maker of this.makers) maker.close();
  }

  private async extractOne(
    { plan, identity, content, make }: Maker,
    sample: Sample,
    text: TextMedia | undefined,
    signal: AbortSignal | undefined,
  ): Promise<ModalityResult> {
    const { modality, preparation } = plan;
    const hash = await content(sample, text);
    if (hash === undefined) return { kind: "absent", modality };
    const key = featureKey(hash, identity, decodingOf(modalityKinds[modality], this.plan, sample));
    const stored = this.cache.read(key);
    const features = stored ?? (await make(sample, text, signal));
    if (features === undefined) return { kind: "absent", modality };
    if (stored === undefined) await this.cache.write(key, features);
    const { steps, mask, quality } = prepareFeatures(features, preparation, text?.words);
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

async function makerOf(
  plan: ModalityPlan,
  { fps }: ExtractPlan,
  environment: AdapterEnvironment,
): Promise<Maker> {
  const kind = modalityKinds[plan.modality];
  if (kind === "text") {
    const extractor = await createExtractor(kind, plan.choice, environment);
    return {
      ...common(plan, extractor),
      content: (_sample, text) => Promise.resolve(text && hashText(text)),
      make: async (_sample, text, signal) => text && extractor.extract(text, signal),
    };
  }
  if (kind === "image") {
    const disturb = (image: ImageMedia, { id, noise }: Sample): ImageMedia => noisyImage(image, noise, id);
    return fileMaker(plan, kind, await createExtractor(kind, plan.choice, environment), fps, disturb);
  }
  return fileMaker(plan, kind, await createExtractor(kind, plan.choice, environment), fps);
}

function failed(modality: RawModality, { code, message, hint }: EuarError): ModalityResult {
  return { kind: "failed", modality, code, message, ...(hint !== undefined && { hint }) };
}

function fileMaker<Kind extends Exclude<MediumKind, "text">>(
  plan: ModalityPlan,
  kind: Kind,
  extractor: FeatureExtractor<MediaByKind[Kind]>,
  fps: number,
  disturb?: (media: MediaByKind[Kind], sample: Sample) => MediaByKind[Kind],
): Maker {
  const pathOf = (sample: Sample): string | undefined => sample.files[plan.modality];
  return {
    ...common(plan, extractor),
    content: async (sample) => {
      const path = pathOf(sample);
      return path === undefined ? undefined : hashFile(path, () => checkLength(kind, path));
    },
    make: async (sample, _text, signal) => {
      const path = pathOf(sample);
      const notes: DecodeNote[] = [];
      const media =
        path === undefined
          ? undefined
          : await loadFile(kind, path, { fps, onNote: (note) => notes.push(note) }, signal);
      return (
        media &&
        withDecodeProblems(
          await extractor.extract(disturb === undefined ? media : disturb(media, sample), signal),
          kind,
          notes,
        )
      );
    },
  };
}

function common<Media>(
  plan: ModalityPlan,
  extractor: FeatureExtractor<Media>,
): Pick<Maker, "plan" | "identity" | "close"> {
  return {
    plan,
    identity: extractor.identity,
    close: () => {
      extractor.close();
    },
  };
}
