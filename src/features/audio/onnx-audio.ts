import { defined } from "../../core/defined.js";
import { EuarError, MediaError } from "../../core/errors.js";
import type { AdapterEnvironment } from "../adapter.js";
import type { AdapterIdentity, ExtractedFeatures, FeatureExtractor } from "../feature-extractor.js";
import type { AudioMedia } from "../media.js";
import { ModelFiles, requireSource } from "../onnx/model-files.js";
import { type ModelPlaceOptions, resolvePlace } from "../onnx/model-place.js";
import { loadOnnxRuntime, ONNX_PACKAGE, onnxVersion } from "../onnx/onnx-runtime.js";
import { OnnxSession } from "../onnx/onnx-session.js";
import { type ActivityChoice, openActivity, soundMask } from "./activity/choose-activity.js";
import type { VoiceActivity } from "./activity/voice-activity.js";
import { audioQuality } from "./audio-quality.js";
import { AudioNetwork, type FrameVectors } from "./audio-network.js";
import { ANALYSIS_RATE, frameCount, HOP } from "./frames.js";
import { prepareAudio } from "./prepare-audio.js";

const ADAPTER = "audio/onnx";
const CONFIG_FILE = "preprocessor_config.json";
/** Shorter sounds are padded with zeros, because the first convolutions of such encoders read 25 ms. */
const FEWEST_SAMPLES = 400;

export interface OnnxAudioOptions extends ModelPlaceOptions {
  /** Output of the network to read. Default: found by name and shape. */
  readonly output?: string | undefined;
  /**
   * Scale each sound to mean 0 and variance 1. Default: as the model's preprocessor_config.json states,
   * otherwise true.
   */
  readonly normalise?: boolean | undefined;
  /**
   * Largest number of seconds that the network reads at once. A longer sound is cut into equal pieces.
   * Default 20.
   */
  readonly chunk?: number;
  /** Method to find speech for the mask. Default "silero". */
  readonly vad?: ActivityChoice;
}

/**
 * Extracts a learned embedding of sound with any encoder in ONNX that reads a waveform at 16 kHz (wav2vec
 * 2.0, HuBERT, WavLM and similar). One step per frame of the network; the mask marks speech.
 * @throws MediaError "media.not-found", "media.damaged", "media.unsupported", "media.too-large" for a missing
 * or unusable model, "media.missing-package"
 * @throws ConfigError
 * @throws `extract` throws MediaError "media.unsupported", "media.too-large" as `prepareAudio`
 */
export async function createOnnxAudioExtractor(
  options: OnnxAudioOptions,
  { readAsset, models }: AdapterEnvironment,
): Promise<FeatureExtractor<AudioMedia>> {
  const { chunk = 20, vad = "silero" } = options;
  const source = requireSource(models, ADAPTER);
  const { place, file, options: found } = resolvePlace(ADAPTER, options, source);
  const files = new ModelFiles(source, place);
  const described = await files.json(CONFIG_FILE, false);
  requireRate(files, described?.["sampling_rate"]);
  const normalise = options.normalise ?? described?.["do_normalize"] !== false;
  const bytes = await files.model(file);
  const runtime = await loadOnnxRuntime(readAsset, ADAPTER);
  const session = await OnnxSession.open(runtime, bytes, files.name);
  try {
    const network = AudioNetwork.create(session, options.output);
    const { width } = await network.run(new Float32Array(ANALYSIS_RATE));
    const { activity, packages } = await openActivity(vad, readAsset);
    const identity: AdapterIdentity = {
      adapter: ADAPTER,
      version: 1,
      packages: { ...files.digests, [ONNX_PACKAGE]: await onnxVersion(readAsset), ...packages },
      options: { ...found, output: network.output, normalise, chunk, vad },
      width,
    };
    return new OnnxAudioExtractor(identity, network, activity, { normalise, chunk });
  } catch (error) {
    session.close();
    throw error;
  }
}

function requireRate(files: ModelFiles, rate: unknown): void {
  if (rate === undefined || rate === ANALYSIS_RATE) return;
  throw new MediaError(
    "media.unsupported",
    `${CONFIG_FILE} of ${files.name} says that the model reads ${JSON.stringify(rate)} Hz`,
    { hint: `Only models for ${ANALYSIS_RATE} Hz are read.` },
  );
}

class OnnxAudioExtractor implements FeatureExtractor<AudioMedia> {
  #network: AudioNetwork | undefined;

  constructor(
    readonly identity: AdapterIdentity,
    network: AudioNetwork,
    private readonly activity: VoiceActivity | undefined,
    private readonly settings: { readonly normalise: boolean; readonly chunk: number },
  ) {
    this.#network = network;
  }

  async extract(media: AudioMedia, signal?: AbortSignal): Promise<ExtractedFeatures> {
    if (!this.#network) throw new EuarError("internal", "the audio extractor was closed");
    signal?.throwIfAborted();
    const { width } = this.identity;
    const { samples, original, invalidShare } = prepareAudio(media);
    const speech = await this.activity?.detect(samples, signal);
    const quality = audioQuality({ samples, original, speech, invalidShare });
    if (samples.length === 0)
      return {
        steps: 1,
        width,
        sequence: new Float32Array(width),
        times: new Float64Array(2),
        mask: new Uint8Array(1),
        quality,
      };
    const pieces = await this.read(
      this.#network,
      this.settings.normalise ? standardised(samples) : samples,
      signal,
    );
    const steps = pieces.reduce((sum, piece) => sum + piece.steps, 0);
    const sequence = new Float32Array(steps * width); // [T, D]
    const times = new Float64Array(2 * steps);
    let at = 0;
    for (const piece of pieces) {
      sequence.set(piece.data, at * width);
      for (let t = 0; t < piece.steps; t++, at++) {
        times[2 * at] = (piece.from + (t * piece.length) / piece.steps) / ANALYSIS_RATE;
        times[2 * at + 1] = (piece.from + ((t + 1) * piece.length) / piece.steps) / ANALYSIS_RATE;
      }
    }
    return {
      steps,
      width,
      sequence,
      times,
      mask: maskOf(times, speech ?? soundMask(samples, frameCount(samples.length))),
      quality,
    };
  }

  close(): void {
    this.#network?.close();
    this.activity?.close();
    this.#network = undefined;
  }

  /** Reads equal pieces, so that none is too short to be useful. */
  private async read(
    network: AudioNetwork,
    samples: Float32Array,
    signal: AbortSignal | undefined,
  ): Promise<(FrameVectors & { readonly from: number; readonly length: number })[]> {
    const count = Math.ceil(samples.length / (this.settings.chunk * ANALYSIS_RATE));
    const pieces = [];
    for (let i = 0; i < count; i++) {
      signal?.throwIfAborted();
      const [from, until] = [
        Math.round((i * samples.length) / count),
        Math.round(((i + 1) * samples.length) / count),
      ];
      const piece = new Float32Array(Math.max(FEWEST_SAMPLES, until - from));
      piece.set(samples.subarray(from, until));
      pieces.push({ ...(await network.run(piece)), from, length: until - from });
    }
    return pieces;
  }
}

/** Scales to mean 0 and variance 1 (with 1e-7 added), like the feature extractor of wav2vec 2.0. */
function standardised(samples: Float32Array): Float32Array {
  let sum = 0;
  for (const sample of samples) sum += sample;
  const mean = sum / samples.length;
  let squares = 0;
  for (const sample of samples) squares += (sample - mean) ** 2;
  const scale = 1 / Math.sqrt(squares / samples.length + 1e-7);
  return samples.map((sample) => (sample - mean) * scale);
}

/**
 * Returns the mask: 1 if there is speech in the middle of a step.
 * @param times [T, 2]
 * @param speech frames of `frames.ts`
 */
function maskOf(times: Float64Array, speech: Uint8Array): Uint8Array {
  return Uint8Array.from({ length: times.length / 2 }, (_, t) => {
    const middle = ((defined(times[2 * t]) + defined(times[2 * t + 1])) / 2) * ANALYSIS_RATE;
    return defined(speech[Math.min(speech.length - 1, Math.floor(middle / HOP))]);
  });
}
