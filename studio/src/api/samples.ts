import type { z } from "@hono/zod-openapi";
import type {
  distributionsSchema,
  featuresSchema,
  sampleMediaSchema,
  samplePageSchema,
} from "../../../src/server/schemas/dataset-schema.js";
import type { storedPredictionListSchema } from "../../../src/server/schemas/store-schema.js";
import type { LabelValue } from "./labels.js";
import { addressOf, request, requestJson } from "./request.js";

export type SamplePage = z.infer<typeof samplePageSchema>;
export type ListedSample = SamplePage["samples"][number];
export type Distributions = z.infer<typeof distributionsSchema>;
export type StoredList = z.infer<typeof storedPredictionListSchema>;
export type StoredPrediction = StoredList["predictions"][number];
export type SplitName = keyof Distributions;

/** Medium of a sample that the page can show. */
export interface SampleMedium {
  readonly modality: string;
  /** For example "image/png". */
  readonly type: string;
  readonly address: string;
}

/** Part of the report of `euar inspect` on a data set that the page shows. */
export interface DatasetSummary {
  readonly name: string;
  readonly task: {
    readonly kind: "regression" | "classification" | "multi-label";
    readonly targets?: readonly string[];
    readonly classes?: readonly string[];
    readonly labels?: readonly string[];
    /** Scale of the labels of a regression. */
    readonly range?: readonly [number, number];
  };
  readonly modalities: readonly { readonly name: string; readonly width: number; readonly steps: number }[];
  readonly notes: readonly string[];
  readonly splits: Readonly<
    Record<
      SplitName,
      {
        readonly samples: number;
        readonly modalities: readonly {
          readonly name: string;
          readonly missing: number;
          readonly steps: { readonly least: number; readonly mean: number; readonly most: number };
          readonly zeros: number;
        }[];
        readonly targets: readonly { readonly name: string; readonly mean: number; readonly std: number }[];
        readonly classes: readonly { readonly name: string; readonly count: number }[];
      }
    >
  >;
  readonly leaks: {
    readonly sharedIds: number;
    readonly groups?: { readonly count: number; readonly shared: number; readonly example: string };
    readonly modalities: readonly {
      readonly name: string;
      readonly sharedRows: number;
      readonly duplicates: number;
      readonly constantFeatures: number;
    }[];
  };
}

const place = (name: string): string => `v1/datasets/${encodeURIComponent(name)}`;

/** @throws RequestError */
export async function readSummary(name: string): Promise<DatasetSummary> {
  return ((await requestJson(place(name))) as { readonly summary: DatasetSummary }).summary;
}

/** @throws RequestError */
export async function readDistributions(name: string): Promise<Distributions> {
  return (await requestJson(`${place(name)}/distributions`)) as Distributions;
}

/**
 * Reads a page of samples.
 * @param filter parameters of the route; empty ones are left out
 * @throws RequestError
 */
export async function readSamples(
  name: string,
  filter: Readonly<Record<string, string | number>>,
): Promise<SamplePage> {
  const given = Object.entries(filter).filter(([, value]) => value !== "");
  const query = new URLSearchParams(given.map(([key, value]) => [key, String(value)]));
  return (await requestJson(`${place(name)}/samples?${query.toString()}`)) as SamplePage;
}

/**
 * Finds a sample by its id.
 * @returns undefined if the split has no such sample
 * @throws RequestError
 */
export async function findSample(
  name: string,
  split: SplitName,
  id: string,
): Promise<ListedSample | undefined> {
  const { samples } = await readSamples(name, { split, search: id, limit: 1000 });
  return samples.find((sample) => sample.id === id);
}

/**
 * Lists the media of a sample that the page can show.
 * @throws RequestError
 */
export async function readMedia(
  name: string,
  split: SplitName,
  row: number,
): Promise<readonly SampleMedium[]> {
  const path = `${place(name)}/samples/${split}/${String(row)}/media`;
  const { media } = (await requestJson(path)) as z.infer<typeof sampleMediaSchema>;
  return media.map(({ modality, type }) => ({
    modality,
    type,
    address: addressOf(`${path}/${encodeURIComponent(modality)}`),
  }));
}

/**
 * Scores a sample of a data set with a loaded model of the server.
 * @throws RequestError
 */
export async function predictSample(
  name: string,
  { split, row, id }: { readonly split: SplitName; readonly row: number; readonly id: string },
  model: string,
): Promise<StoredPrediction["prediction"]> {
  const { features } = (await requestJson(`${place(name)}/samples/${split}/${String(row)}`)) as z.infer<
    typeof featuresSchema
  >;
  return (await requestJson(`v1/predictions?model=${encodeURIComponent(model)}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ id, features }),
  })) as StoredPrediction["prediction"];
}

/**
 * Reads stored predictions.
 * @param order "uncertain": the most uncertain first
 * @throws RequestError
 */
export async function readStored(filter: {
  readonly order: "latest" | "uncertain";
  readonly uncorrected: boolean;
  readonly model: string;
}): Promise<StoredList> {
  const query = new URLSearchParams({
    limit: "50",
    order: filter.order,
    ...(filter.uncorrected && { uncorrected: "true" }),
    ...(filter.model !== "" && { model: filter.model }),
  });
  return (await requestJson(`v1/predictions?${query.toString()}`)) as StoredList;
}

/**
 * Stores the true label of a prediction.
 * @throws RequestError, also for a label outside the scale of the model
 */
export async function correct(id: string, label: LabelValue, note: string): Promise<void> {
  await request(`v1/predictions/${encodeURIComponent(id)}/correction`, {
    method: "PUT",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ label, ...(note !== "" && { note }) }),
  });
}

/** @throws RequestError */
export async function deleteStored(id: string): Promise<void> {
  await request(`v1/predictions/${encodeURIComponent(id)}`, { method: "DELETE" });
}
