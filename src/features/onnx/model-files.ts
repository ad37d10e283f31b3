import { ConfigError, MediaError } from "../../core/errors.js";
import { isRecord } from "../../core/is-record.js";
import { type ModelPlace, type ModelSource, placeName } from "./model-source.js";

/** Largest model in bytes. onnxruntime's memory has 4 GiB, and holds a model twice while loading. */
const LARGEST_MODEL = 2 ** 31 - 2 ** 24;
const LARGEST_JSON = 2 ** 27;
const USUAL_FILES = ["onnx/model.onnx", "model.onnx"] as const;

export interface ModelBytes {
  /** Path within the place of the model. */
  readonly path: string;
  readonly bytes: Uint8Array;
  /** Weights in a separate file, under the name by which the model requests it. */
  readonly external: readonly { readonly path: string; readonly data: Uint8Array }[];
}

/** Files of one model. Records the sha-256 of each file read, for the identity of the features. */
export class ModelFiles {
  readonly #digests: Record<string, string> = {};

  constructor(
    private readonly source: ModelSource,
    private readonly place: ModelPlace,
  ) {}

  get name(): string {
    return placeName(this.place);
  }

  /** Role of each file that affects values -> sha-256. */
  get digests(): Readonly<Record<string, string>> {
    return { ...this.#digests };
  }

  /**
   * Reads a JSON object; undefined if the file is missing.
   * @param decisive true if it affects values, so that its hash belongs to the identity
   * @throws MediaError "media.damaged" if it is not a JSON object
   */
  async json(path: string, decisive: boolean): Promise<Readonly<Record<string, unknown>> | undefined> {
    const bytes = await this.source.read(this.place, path, LARGEST_JSON);
    if (bytes === undefined) return undefined;
    let value: unknown;
    try {
      value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    } catch (cause) {
      throw this.damaged(path, "it is not JSON", cause);
    }
    if (!isRecord(value)) throw this.damaged(path, "it is not a JSON object");
    if (decisive) this.#digests[path] = await this.source.digest(bytes);
    return value;
  }

  /** @throws MediaError "media.not-found" without such a file */
  async model(file: string | undefined): Promise<ModelBytes> {
    for (const path of file === undefined ? USUAL_FILES : [file]) {
      const bytes = await this.source.read(this.place, path, LARGEST_MODEL);
      if (bytes === undefined) continue;
      this.#digests["model.onnx"] = await this.source.digest(bytes);
      return { path, bytes, external: await this.externalWeights(path) };
    }
    throw this.missing(
      file ?? USUAL_FILES.join(" nor "),
      'Export the model as ONNX there (for example with "optimum-cli export onnx"), ' +
        "or name its file with file=PATH.",
    );
  }

  /**
   * Reads weights in a separate file. Exporters name it NAME.onnx_data (Optimum) or NAME.onnx.data (PyTorch).
   */
  private async externalWeights(path: string): Promise<ModelBytes["external"]> {
    for (const suffix of ["_data", ".data"]) {
      const data = await this.source.read(this.place, `${path}${suffix}`, LARGEST_MODEL);
      if (data === undefined) continue;
      this.#digests["model.onnx.data"] = await this.source.digest(data);
      return [{ path: `${path.split("/").at(-1) ?? ""}${suffix}`, data }];
    }
    return [];
  }

  missing(path: string, hint: string): MediaError {
    return new MediaError("media.not-found", `${this.name} has no ${path}`, { hint });
  }

  damaged(path: string, reason: string, cause?: unknown): MediaError {
    return new MediaError("media.damaged", `${path} of ${this.name} is not usable: ${reason}`, {
      hint: "Export or copy the model again.",
      ...(cause === undefined ? {} : { cause }),
    });
  }
}

/** @throws ConfigError "config.conflict" if models cannot be read */
export function requireSource(source: ModelSource | undefined, adapter: string): ModelSource {
  if (source) return source;
  throw new ConfigError("config.conflict", `${adapter} cannot read a model here`, {
    hint: "Create it with an environment that has `models`: nodeEnvironment, or servedModels in a browser.",
  });
}
