import type { z } from "@hono/zod-openapi";
import type {
  agreementSchema,
  flagListSchema,
  labelListSchema,
} from "../../../src/server/schemas/label-schema.js";
import { addressOf, request, requestJson } from "./request.js";

export type LabelList = z.infer<typeof labelListSchema>;
export type PersonLabel = LabelList["labels"][number];
export type Agreement = z.infer<typeof agreementSchema>["agreement"][number];
export type Flag = z.infer<typeof flagListSchema>["flags"][number];

/** Label of any task: a number, numbers by target, a class, or the present labels. */
export type LabelValue = number | string | readonly string[] | Readonly<Record<string, number>>;

const labelsOf = (collection: string): string => `v1/labels/${encodeURIComponent(collection)}`;
const flagsOf = (collection: string): string => `v1/flags/${encodeURIComponent(collection)}`;

/** @throws RequestError */
export async function readLabels(collection: string): Promise<LabelList> {
  return (await requestJson(labelsOf(collection))) as LabelList;
}

/** @throws RequestError */
export async function readFlags(collection: string): Promise<readonly Flag[]> {
  return ((await requestJson(flagsOf(collection))) as z.infer<typeof flagListSchema>).flags;
}

/** @throws RequestError */
export async function readAgreement(collection: string): Promise<readonly Agreement[]> {
  const { agreement } = (await requestJson(`${labelsOf(collection)}/agreement`)) as z.infer<
    typeof agreementSchema
  >;
  return agreement;
}

/**
 * Stores the label of a person.
 * @throws RequestError
 */
export async function putLabel(
  collection: string,
  label: Pick<PersonLabel, "sample" | "modality" | "person"> & { readonly label: LabelValue },
): Promise<void> {
  await request(labelsOf(collection), put(label));
}

/** @throws RequestError */
export async function putFlag(collection: string, flag: Pick<Flag, "sample" | "note">): Promise<void> {
  await request(flagsOf(collection), put(flag));
}

/** @throws RequestError */
export async function removeFlag(collection: string, sample: string): Promise<void> {
  const query = new URLSearchParams({ sample });
  await request(`${flagsOf(collection)}?${query.toString()}`, { method: "DELETE" });
}

/** Returns the address of all labels and flags of a collection as a file. */
export function exportOf(collection: string, format: "csv" | "jsonl"): string {
  return addressOf(`v1/exports/labels/${encodeURIComponent(collection)}?format=${format}`);
}

function put(body: unknown): RequestInit {
  return {
    method: "PUT",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  };
}
