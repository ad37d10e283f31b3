import type { ModalityInfo, Task } from "../../data/dataset.js";
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
    config: { experts: { count: 1, topK: 1, exploration: 0 } },
  },
  {
    ...precisionRow,
    label: "random router",
    role: "variant",
    config: { experts: { gate: "random", exploration: 0 } },
  },
  {
    ...precisionRow,
    label: "two experts per sample, no exploration",
    role: "variant",
    config: { experts: { topK: 2, exploration: 0 } },
  },
  {
    ...precisionRow,
    label: "weighed by the variances",
    role: "variant",
    config: { fusion: "precision" },
  },
  {
    ...precisionRow,
    label: "plain MLP experts (no variances)",
    role: "variant",
    config: {
      experts: { logVarMin: -80, logVarMax: -79 },
      awareness: { ordering: null, variance: null },
    },
  },
  {
    ...precisionRow,
    label: "variances not taught",
    role: "variant",
    config: { awareness: { ordering: null } },
  },
  {
    ...precisionRow,
    label: "variances of the experts alone",
    role: "variant",
    config: { awareness: { ordering: null, variance: null, ranking: 0.1 } },
  },
  {
    ...precisionRow,
    label: "all modalities trusted",
    role: "variant",
    config: { trust: "all" },
  },
  {
    ...precisionRow,
    label: "modalities not trained alone",
    role: "variant",
    config: { losses: { alone: null } },
  },
];

/** Simple model with the same copies, and with statistics of each input too. */
const statisticsRow: RowModel = {
  label: "Concat, with statistics",
  role: "baseline",
  model: "concat",
  config: { inputStatistics: true },
  train,
};

/** Simple models with the same copies, and with the measured quality of each input too. */
const qualityRows: readonly RowModel[] = (["linear", "concat"] as const).map((model) => ({
  label: `${model === "linear" ? "Linear" : "Concat"}, with measured quality`,
  role: "baseline",
  model,
  config: { inputQuality: true },
  train,
}));

/**
 * Returns the rows of the experiment that support the data. The first one is compared with all others. Rows
 * that read measured quality need data with it.
 */
export function damageRows({
  task,
  modalities,
}: {
  readonly task: Task;
  readonly modalities: readonly ModalityInfo[];
}): readonly RowModel[] {
  const others = baselineRows(["linear", "concat", "late-fusion", "mmtm", "tmc", "qmf", "qa-moe"], {
    data: { task },
  });
  const isMeasured = modalities.some(({ quality }) => (quality?.length ?? 0) > 0);
  return [
    precisionRow,
    ...ablations,
    ...others.map((row): RowModel => ({ ...row, train })),
    statisticsRow,
    ...(isMeasured ? qualityRows : []),
  ];
}
