import { hidden, targets, topK, widths } from "../cases.js";
import { significant } from "./statistics.js";
import { busy, measuredOn, percent, ratioAndTarget, table, variantOf } from "./table-words.js";

export function steps({ steps: cases }) {
  if (!cases) return undefined;
  const size = `${Object.values(widths).join("/")} -> ${hidden}, k = ${topK}`;
  const rows = Object.values(cases).map((result) => {
    const target = targets.step[result.case] ?? {};
    return [
      result.experts,
      result.batch,
      ...ratioAndTarget(result.pytorch, target.pytorch),
      variantOf(result.pytorch),
      result.pytorch?.cpuRatio ?? "",
      ...ratioAndTarget(defaultAdam(result), undefined).slice(0, 1),
      ...ratioAndTarget(plain(result), undefined).slice(0, 1),
      ...ratioAndTarget(result.jaxJs, target.jaxJs),
    ];
  });
  const heading = [
    "N",
    "B",
    "fastest PyTorch",
    "aim",
    "which is",
    "in processor time",
    "PyTorch, default Adam",
    "typical PyTorch code",
    "jax-js",
    "aim",
  ];
  const others = Object.values(cases).flatMap((result) =>
    otherRows(result).map((row) => [
      result.experts,
      result.batch,
      row.name.startsWith("euar native") ? "native" : "WebAssembly",
      row.name.endsWith("fast arithmetic") ? "fast" : "exact (default)",
      ...fasterThan(result.pytorch, row),
      row.name === "euar native" ? (targets.step[result.case]?.native ?? "") : "",
    ]),
  );
  const growth = [16, 256].map((batch) => growthAt(cases, batch)).filter(Boolean);
  return [
    `**Training step** (${size}): how many times longer a peer takes; in brackets the middle half ` +
      "of the rounds.",
    table(heading, rows),
    ...(others.length > 0
      ? [
          "The same steps with native kernels, and in fast arithmetic:",
          table(["N", "B", "kernels", "arithmetic", "fastest PyTorch", "in processor time", "aim"], others),
        ]
      : []),
    ...growth,
  ].join("\n\n");
}

/** Returns our rows other than the default kernels in the default arithmetic. */
function otherRows({ rows }) {
  return rows.filter(({ name }) => name.startsWith("euar") && name !== "euar");
}

/** Returns how many times longer a peer takes than one of our rows, by median and by processor time. */
function fasterThan(peer, row) {
  return peer ? [significant(peer.medianMs / row.medianMs), significant(peer.cpuMs / row.cpuMs)] : ["", ""];
}

export function sequence({ sequence: cases }) {
  const results = Object.values(cases ?? {});
  if (results.length === 0) return undefined;
  const rows = results.flatMap((result) => {
    const { bound } = result;
    return result.rows
      .filter(({ name }) => name.startsWith("euar"))
      .map((row, i) => {
        const { boundMs } = i === 0 ? bound : (bound.native?.[row.name] ?? {});
        const aims = targets.sequence[result.case] ?? {};
        return [
          result.case,
          row.name,
          ...fasterThan(result.pytorch, row),
          [aims.pytorch, aims.native][i] ?? "",
          variantOf(result.pytorch),
          bound.mflop,
          boundMs ? percent(boundMs / row.cpuMs) : "",
          boundMs && result.pytorch ? significant(result.pytorch.cpuMs / boundMs) : "",
        ];
      });
  });
  const [{ machine, versions }] = results;
  const heading = [
    "case",
    "ours",
    "fastest PyTorch",
    "in processor time",
    "aim",
    "which is",
    "MFLOP",
    "bound / our processor time",
    "PyTorch's processor time / bound",
  ];
  return [
    `**Training step behind sequence encoders** (conv1d and transformer layers of width ${hidden} per ` +
      "modality, full sequences): how many times longer PyTorch takes; below 1, ours is slower. The bound " +
      "is the time of the products at the peak of multiply and add, of WebAssembly or of native code. None " +
      "is stated for relaxed SIMD.",
    `${measuredOn(machine)}; PyTorch ${versions.torch} (${versions.cpuCapability}).`,
    table(heading, rows),
  ].join("\n\n");
}

export function scaling({ scaling: result }) {
  if (!result) return undefined;
  const rows = result.rows.map((row) => [
    row.case,
    row.backend,
    ...ratioAndTarget(row, targets.scaling.threads),
    row.fastestRatio,
    ...ratioAndTarget(
      row.pytorch,
      row.case.startsWith("sequence") ? targets.scaling.pytorch[row.backend] : undefined,
    ),
  ]);
  const { date, cpu, cores, node } = result.machine;
  return [
    "**Two threads**: how many times as long one thread takes, and PyTorch with two threads.",
    `Measured ${date.slice(0, 10)} on two cores of: ${cpu} (${cores} cores${busy(result.machine)}), ` +
      `Node ${node}.`,
    table(["case", "backend", "one thread", "aim", "fastest steps", "PyTorch, two threads", "aim"], rows),
  ].join("\n\n");
}

export function encoder({ encoder: cases }) {
  const results = Object.values(cases ?? {});
  if (results.length === 0) return undefined;
  const rows = results.flatMap((result) => {
    const { pytorch } = result;
    return result.rows
      .filter(({ name }) => name.startsWith("euar"))
      .map((row) => [
        result.case,
        row.name,
        pytorch ? significant(pytorch.medianMs / row.medianMs) : "",
        targets.encoder[row.name] ?? "",
        variantOf(pytorch),
        pytorch ? significant(pytorch.cpuMs / row.cpuMs) : "",
      ]);
  });
  const [{ machine, versions }] = results;
  return [
    "**Fine-tuning step of a text encoder** (16 texts of 5 to 40 tokens, median 13; AdamW): how many times " +
      "longer PyTorch takes; below 1, ours is slower. Both sides keep the states below the layers that " +
      "train.",
    `${measuredOn(machine)}; PyTorch ${versions.torch} (${versions.cpuCapability}), ` +
      `transformers ${versions.transformers}.`,
    table(["case", "ours", "fastest PyTorch", "aim", "which is", "in processor time"], rows),
  ].join("\n\n");
}

/**
 * Selects the plain version: one linear layer for each expert's mu and log-variance, and the default
 * optimiser.
 */
function plain({ rows }) {
  return rows.find(({ name }) => name === "pytorch plain+default");
}

/** Selects the fastest version of the experts with the default optimiser, torch.optim.Adam(parameters). */
function defaultAdam({ rows }) {
  return rows.filter(({ name }) => name.endsWith("+default")).sort((a, b) => a.ratio - b.ratio)[0];
}

function growthAt(cases, batch) {
  const at = (experts) =>
    Object.values(cases).find((result) => result.experts === experts && result.batch === batch);
  const [small, large] = [at(8), at(64)];
  if (!small || !large) return undefined;
  const ratio = (name) => {
    const [a, b] = [small, large].map((result) =>
      name === "euar" ? result.rows[0] : result.rows.find((row) => row.name === name),
    );
    return a && b ? (b.medianMs / a.medianMs).toFixed(1) : undefined;
  };
  const peers = [ratio("pytorch dense+fused"), ratio("pytorch loop+fused")];
  const compared = peers[0] ? ` (PyTorch, fused Adam: dense ${peers[0]}, loop ${peers[1]})` : "";
  return (
    `From N = 8 to N = 64 at batch ${batch} a step grows by a factor of ${ratio("euar")}${compared}; ` +
    `aim: below ${targets.growth}.`
  );
}
