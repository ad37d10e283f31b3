import { addressOf, requestJson } from "./request.js";

/** Model that the server has loaded. */
export interface ServedModel {
  readonly name: string;
  /** Addresses of the weight file and of the adapters' files. Undefined if the page cannot run the model. */
  readonly inPage: { readonly weights: string; readonly assets: string } | undefined;
}

interface ListedModel {
  readonly name: string;
  readonly default: boolean;
  readonly inPage: boolean;
}

/**
 * Reads the list of models. The default model is the first.
 * @throws RequestError
 */
export async function listModels(): Promise<readonly ServedModel[]> {
  const { models } = (await requestJson("v1/models")) as { readonly models: readonly ListedModel[] };
  const sorted = [...models].sort((a, b) => Number(b.default) - Number(a.default));
  return sorted.map(({ name, inPage }) => ({
    name,
    inPage: inPage
      ? {
          weights: addressOf(`v1/models/${encodeURIComponent(name)}/weights`),
          assets: addressOf("v1/packages"),
        }
      : undefined,
  }));
}
