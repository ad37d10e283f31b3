import { addressOf, requestJson } from "./request.js";

/** Model that the server has loaded. */
export interface ServedModel {
  readonly name: string;
  /** Names of the inputs that it reads, with the number of features of each. */
  readonly inputs: readonly { readonly name: string; readonly width: number }[];
  /** Addresses of the weight file and of the adapters' files. Undefined if the page cannot run the model. */
  readonly inPage: { readonly weights: string; readonly assets: string } | undefined;
}

interface ListedModel {
  readonly name: string;
  readonly default: boolean;
  readonly inPage: boolean;
  readonly modalities: ServedModel["inputs"];
}

/**
 * Reads the list of models. The default model is the first.
 * @throws RequestError
 */
export async function listModels(): Promise<readonly ServedModel[]> {
  const { models } = (await requestJson("v1/models")) as { readonly models: readonly ListedModel[] };
  const sorted = [...models].sort((a, b) => Number(b.default) - Number(a.default));
  return sorted.map(({ name, inPage, modalities }) => ({
    name,
    inputs: modalities,
    inPage: inPage
      ? {
          weights: addressOf(`v1/models/${encodeURIComponent(name)}/weights`),
          assets: addressOf("v1/packages"),
        }
      : undefined,
  }));
}
