import { z } from "zod";
import { sharedFields } from "../../shared-fields.js";

const { hidden, head, inputDropout, dropout, taskLoss } = sharedFields;

/** What every baseline has: one hidden layer of this width per modality, dropout, and the task loss. */
export const branchFields = { hidden, inputDropout, dropout, taskLoss };

/** Of baselines that join their modalities before one head. */
export const jointFields = { ...branchFields, head };

export const branchSchema = z.strictObject(branchFields);
export type BranchConfig = z.infer<typeof branchSchema>;
