import { z } from "zod";
import { sharedFields } from "../../shared-fields.js";

const { hidden, head, inputDropout, dropout, taskLoss } = sharedFields;

/** Options of every baseline: one hidden layer of this width per modality, dropout, and the task loss. */
export const branchFields = { hidden, inputDropout, dropout, taskLoss };

/** Options of baselines that join their modalities before one head. */
export const jointFields = { ...branchFields, head };

export const branchSchema = z.strictObject(branchFields);
export type BranchConfig = z.infer<typeof branchSchema>;
