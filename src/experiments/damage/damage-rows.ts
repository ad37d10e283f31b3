import type { Task } from "../../data/dataset.js";
import { RAW_COPIES } from "../../models/train-config.js";
import { baselineRows, type RowModel } from "../rows.js";

/** Every row trains on the data set's own copies of damaged media. */
const train = { copies: [RAW_COPIES] };

/** The variant of EUAR that the experiment is about, and its ablations. */
export const precisionRow = {
  label: "EUAR, preset precision",
  role: "euar",
  model: "euar",
  preset: "precision",
} as const satisfies RowModel;

const ablations: readonly RowModel[] = [
  {
    ...precisionRow,
    label: "one expert",
    role: "variant",
    config: { experts: { count: 1, topK: 1 } },
  },
  {
    ...precisionRow,
    label: "random router",
    role: "variant",
    config: { experts: { gate: "random" } },
  },
  {
    ...precisionRow,
    label: "plain MLP experts (no variances)",
    role: "variant",
    config: { experts: { logVarMin: -80, logVarMax: -79 }, awareness: { ranking: null } },
  },
  {
    ...precisionRow,
    label: "variances not taught",
    role: "variant",
    config: { awareness: { ranking: null } },
  },
  {
    ...precisionRow,
    label: "modalities not trained alone",
    role: "variant",
    config: { losses: { alone: null } },
  },
];

/** Simple models with the same copies, and with statistics of each input too. */
export const statisticsRow: RowModel = {
  label: "Concat, with statistics",
  role: "baseline",
  model: "concat",
  config: { inputStatistics: true },
  train,
};

/** Returns the rows of the experiment that support the task. The first one is compared with all others. */
export function damageRows(task: Task): readonly RowModel[] {
  const others = baselineRows(["linear", "concat", "late-fusion", "mmtm", "tmc", "qmf"], { data: { task } });
  return [precisionRow, ...ablations, ...others.map((row): RowModel => ({ ...row, train })), statisticsRow];
}
