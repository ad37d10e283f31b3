import { normalAt, randomKey } from "../../core/random.js";
import type {
  CasesFigure,
  CurvesFigure,
  EmbeddingFigure,
  FigureResult,
  UncertaintyFigure,
} from "../../experiments/figure-result.js";

const spread = (mean: number): { mean: number; deviation: number | null } => ({ mean, deviation: 0.01 });

export function sampleCurves(): CurvesFigure {
  const rows = (["EUAR", "without L_u", "Linear"] as const).map((label, m) => ({
    label,
    role: label === "Linear" ? ("baseline" as const) : ("euar" as const),
    bestEpochs: [4, 6],
    points: Array.from({ length: 30 }, (_, i) => ({
      epoch: i + 1,
      runs: i < 20 ? 2 : 1,
      train: spread(2 / (i + 1) + m / 10),
      valid: spread(1 + 1 / (i + 1)),
      metric: i === 3 ? null : spread(0.6 + i / 100),
    })),
  }));
  return {
    kind: "curves",
    name: "figure5",
    title: "Figure 5: training curves",
    caption: "Losses.",
    metric: "Non0_acc_2",
    rows,
  };
}

export function sampleEmbedding(): EmbeddingFigure {
  const key = randomKey(1, "sample-embedding");
  const panels = ["EUAR", "Linear"].flatMap((model, m) =>
    ["all modalities", "without <audio>"].map((condition, c) => ({
      model,
      condition,
      agreement: m === 1 && c === 1 ? null : 0.7,
      points: Array.from({ length: 20 }, (_, i): [number, number, number] => [
        normalAt(key, 100 * m + 2 * i + c) / 4,
        normalAt(key, 999 + 100 * m + 2 * i) / 4,
        i % 2 === 0 ? 0 : 2,
      ]),
    })),
  );
  return {
    kind: "embedding",
    name: "figure6",
    title: "Figure 6: joint features",
    caption: "t-SNE.",
    groups: ["negative", "neutral", "positive"],
    chance: 0.5,
    panels,
  };
}

export function sampleCases(): CasesFigure {
  const experts = [
    { expert: 2, gate: 0.6, sigma2: 0.2 },
    { expert: 0, gate: 0.3, sigma2: null },
  ];
  const one = (id: string, better: string): CasesFigure["cases"][number] => ({
    condition: "all modalities",
    id,
    better,
    text: "not <bad> & fine",
    truth: "1.20",
    predictions: [
      { model: "EUAR", prediction: "1.00", error: 0.2 },
      { model: "DiCMoR", prediction: "-1.00", error: 2.2 },
    ],
    inputs: [
      {
        modality: "text",
        present: true,
        kind: "noise",
        severity: 0.7,
        uncertainty: 0.4,
        contribution: 0.9,
        experts,
      },
      {
        modality: "audio",
        present: false,
        kind: "clean",
        severity: 0,
        uncertainty: null,
        contribution: 0,
        experts: [],
      },
    ],
  });
  return {
    kind: "cases",
    name: "figure7",
    title: "Figure 7: cases",
    caption: "Chosen by a rule.",
    against: "DiCMoR",
    texts: "shown",
    cases: [one("a$_$1", "EUAR"), one("b$_$2", "DiCMoR")],
  };
}

export function sampleUncertainty(): UncertaintyFigure {
  const bins = Array.from({ length: 10 }, (_, i) => ({
    samples: 10 + i,
    predicted: (i + 0.5) / 10,
    actual: (i + 1) / 10,
  }));
  const points = Array.from({ length: 20 }, (_, i) => ({ coverage: (i + 1) / 20, risk: 0.2 + i / 50 }));
  const coverage = [0.5, 0.9, 0.95].map((level) => ({
    level,
    coverage: spread(level - 0.01),
    meanSize: level === 0.95 ? null : 2,
  }));
  const severityBins = ["clean", "dropout", "noise"].flatMap((kind, k) =>
    Array.from({ length: kind === "clean" ? 1 : 3 }, (_, i) => ({
      kind,
      samples: 20,
      severity: k === 0 ? 0 : (i + 1) / 3,
      mean: 0.3 + i / 10,
      low: 0.2,
      high: 0.6,
    })),
  );
  const kinds = ["clean", "dropout", "noise"].map((kind, k) => ({
    kind,
    shares: Array.from({ length: 4 }, (_, e) => (e === k ? 0.7 : 0.1)),
  }));
  return {
    kind: "uncertainty",
    name: "uncertainty",
    title: "Uncertainty: does it know?",
    caption: "Models of table 1.",
    risk: "absolute error",
    rows: [
      {
        label: "EUAR",
        role: "euar",
        reliability: [
          { promise: "spread", gap: spread(0.3), bins },
          { promise: "expected-error", gap: spread(0.1), bins },
        ],
        selective: [{ by: "uncertainty", area: spread(0.4), points }],
        coverage,
        coverageByUncertainty: [0.95, 0.9, 0.85],
        severity: [
          {
            modality: "text",
            all: spread(0.4),
            byKind: [
              { kind: "dropout", rho: spread(0.5) },
              { kind: "noise", rho: null },
            ],
            bins: severityBins,
          },
          {
            modality: "audio",
            all: null,
            byKind: [{ kind: "noise", rho: spread(0.1) }],
            bins: severityBins.filter(({ kind }) => kind !== "dropout"),
          },
        ],
        routing: [
          { modality: "text", over: "kinds", kinds, information: spread(0.31), unused: 1 },
          { modality: "text", over: "noise", kinds, information: null, unused: 1 },
        ],
      },
      {
        label: "TMC",
        role: "baseline",
        reliability: [{ promise: "confidence", gap: spread(0.05), bins }],
        selective: [{ by: "confidence", area: spread(0.2), points }],
        coverage,
        coverageByUncertainty: [],
        severity: [],
        routing: [],
      },
    ],
  };
}

/** Returns made-up figures of the correct form. The numbers have no meaning. */
export function sampleFigures(): FigureResult[] {
  return [sampleCurves(), sampleEmbedding(), sampleCases(), sampleUncertainty()];
}
