import { readFileSync, writeFileSync } from "node:fs";
import { hidden, targets, topK, widths } from "../cases.js";
import { significant } from "./statistics.js";

const file = new URL("../../docs/benchmarks.md", import.meta.url);
const [begin, end] = ["<!-- results: written by bench/run.js -->", "<!-- end of results -->"];

/**
 * Replaces the part of docs/benchmarks.md between the markers with the tables of these results. The page has
 * only ratios; absolute times are in the JSON.
 */
export function writeTables(results) {
  const text = readFileSync(file, "utf8");
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from)
    throw new Error("docs/benchmarks.md lacks the markers between which bench/run.js writes");
  writeFileSync(file, `${text.slice(0, from + begin.length)}\n\n${tables(results)}\n\n${text.slice(to)}`);
}

function tables(results) {
  return [
    context(results),
    steps(results),
    sequence(results),
    scaling(results),
    encoder(results),
    others(results),
    roofline(results),
    media(results),
  ]
    .filter(Boolean)
    .join("\n\n");
}

function context({ machine, steps = {} }) {
  const versions = Object.assign({}, ...Object.values(steps).map((result) => result.versions));
  const peers = [
    versions.torch && `PyTorch ${versions.torch} (${versions.cpuCapability})`,
    versions.jaxJs && `jax-js ${versions.jaxJs}`,
  ]
    .filter(Boolean)
    .join(", ");
  return `${measuredOn(machine)}, V8 ${machine.v8}${peers ? `; ${peers}` : ""}.`;
}

/** Returns the start of a sentence about the machine. */
function measuredOn(machine) {
  const { date, cpu, cores, node } = machine;
  const processor = `${cpu} (${cores} cores${busy(machine)})`;
  return `Measured ${date.slice(0, 10)} on one core of: ${processor}, Node ${node}`;
}

/**
 * Describes other load on the machine. Its effect on a ratio shows in the brackets and the processor time.
 */
function busy({ load }) {
  return load === undefined
    ? ""
    : `; before the start, ${load} processes of others were waiting or running per core`;
}

function steps({ steps: cases }) {
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
  const natives = Object.values(cases).flatMap((result) =>
    nativeRows(result).map((row) => [
      result.experts,
      result.batch,
      arithmeticOf(row),
      ...fasterThan(result.pytorch, row),
      row.name === "euar native" ? (targets.step[result.case]?.native ?? "") : "",
    ]),
  );
  const growth = [16, 256].map((batch) => growthAt(cases, batch)).filter(Boolean);
  return [
    `**Training step** (${size}): how many times longer a peer takes; in brackets the middle half ` +
      "of the rounds.",
    table(heading, rows),
    ...(natives.length > 0
      ? [
          "The same steps with native kernels:",
          table(["N", "B", "arithmetic", "fastest PyTorch", "in processor time", "aim"], natives),
        ]
      : []),
    ...growth,
  ].join("\n\n");
}

function nativeRows({ rows }) {
  return rows.filter(({ name }) => name.startsWith("euar native"));
}

function arithmeticOf({ name }) {
  return name === "euar native" ? "exact (default)" : "fast";
}

/** Returns how many times longer a peer takes than one of our rows, by median and by processor time. */
function fasterThan(peer, row) {
  return peer ? [significant(peer.medianMs / row.medianMs), significant(peer.cpuMs / row.cpuMs)] : ["", ""];
}

function sequence({ sequence: cases }) {
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
      "is the time of the products at the peak of multiply and add, of WebAssembly or of native code.",
    `${measuredOn(machine)}; PyTorch ${versions.torch} (${versions.cpuCapability}).`,
    table(heading, rows),
  ].join("\n\n");
}

function scaling({ scaling: result }) {
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

function encoder({ encoder: cases }) {
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

function variantOf(row) {
  return row ? row.name.replace("pytorch ", "") : "";
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

function others({ predict, start }) {
  const rows = [];
  if (predict?.pytorch)
    rows.push([
      "One prediction from features, p50",
      ...ratioAndTarget(predict.pytorch, targets.predict),
      `PyTorch ${variantOf(predict.pytorch)}, mu only; ours with diagnostics`,
    ]);
  if (predict?.plain)
    rows.push([
      "The same",
      ...ratioAndTarget(predict.plain, undefined),
      "typical PyTorch code: the module in eval mode under no_grad, with uncertainties",
    ]);
  if (start?.library) {
    rows.push([
      "Process start to first prediction, library",
      start.library,
      targets.start,
      "import torch, load weights, predict",
    ]);
    rows.push([
      "Process start to first prediction, `euar predict`",
      start.command,
      targets.start,
      "the same",
    ]);
  }
  return rows.length === 0 ? undefined : table(["", "PyTorch / ours", "aim", "peer"], rows);
}

function roofline({ roofline: result, steps: cases = {} }) {
  if (!result) return undefined;
  const limits = { arithmeticMs: "arithmetic", rootsMs: "roots and divisions", memoryMs: "memory" };
  const limitOf = (part) => limits[Object.keys(part).sort((a, b) => part[b] - part[a])[0]];
  const rows = result.cases.map(
    ({ case: name, experts, batch, touched, forwardMflop, gradientMflop, bound }) => {
      const [ours, peer] = [cases[name]?.rows[0]?.fastestMs, fastestStep(cases[name])];
      return [
        experts,
        batch,
        (forwardMflop + gradientMflop).toFixed(1),
        ((4 * touched) / 1e6).toFixed(1),
        ((24 * touched) / 1e6).toFixed(1),
        limitOf(bound.forward),
        limitOf(bound.adam),
        ours ? percent(bound.totalMs / ours) : "",
        peer ? significant(peer / bound.totalMs, 2) : "",
        targets.step[name]?.pytorch ?? "",
      ];
    },
  );
  const heading = [
    "N",
    "B",
    "MFLOP",
    "MB read forward",
    "MB moved by Adam",
    "forward is bound by",
    "gradient and Adam by",
    "bound / our fastest step",
    "fastest step of any PyTorch / bound",
    "aim",
  ];
  return [
    "**Roofline** of the experts' part of a step (all that matters at these sizes). The last ratio is " +
      "the most that any program within these bounds could win:",
    table(heading, rows),
    boundGrowth(result.cases),
  ]
    .filter(Boolean)
    .join("\n\n");
}

function boundGrowth(cases) {
  const growths = [16, 256].flatMap((batch) => {
    const at = (experts) =>
      cases.find((result) => result.experts === experts && result.batch === batch)?.bound.totalMs;
    const [small, large] = [at(8), at(64)];
    return small && large ? [`${(large / small).toFixed(1)} at batch ${batch}`] : [];
  });
  return growths.length === 0
    ? undefined
    : `From N = 8 to N = 64 the bound itself grows by a factor of ${growths.join(", ")}.`;
}

/** Returns the fastest single step of all PyTorch versions, in ms. */
function fastestStep(result) {
  const times =
    result?.rows.filter(({ name }) => name.startsWith("pytorch")).map(({ fastestMs }) => fastestMs) ?? [];
  return times.length === 0 ? undefined : Math.min(...times);
}

function media({ media: result }) {
  if (!result) return undefined;
  const { machine, versions, clip } = result;
  const names = {
    "text, audio, video": "Text, sound and face",
    text: "Text alone",
    audio: "Sound alone",
    video: "Face alone",
    "euar predict": "`euar predict`, from the start of the process to the answer",
  };
  const rows = result.rows.map(({ name, factor, factorRange, cpuFactor, modelShare }, i) => [
    names[name],
    `${factor} (${factorRange.join(" to ")})`,
    i === 0 ? `above ${targets.media.realTime}` : "",
    cpuFactor ?? "",
    modelShare === undefined ? "" : percent(modelShare),
    i === 0 ? `below ${percent(targets.media.modelShare)}` : "",
  ]);
  const packages = Object.entries(versions)
    .map(([name, version]) => `${name} ${version}`)
    .join(", ");
  const context =
    `Measured ${result.date.slice(0, 10)} on two cores of: ${machine.cpu} (${machine.cores} ` +
    `cores${busy(machine)}), Node ${machine.node}; ${packages}.`;
  return [
    `**A clip** of ${clip.seconds} s with ${clip.sound} and a face, read at ${clip.framesPerSecond} ` +
      "frames a second: seconds of it per second of work; in brackets the middle half of the rounds.",
    context,
    table(["", "times real time", "aim", "in processor time", "share of the model", "aim"], rows),
  ].join("\n\n");
}

function percent(share) {
  return `${Number((100 * share).toPrecision(2))}%`;
}

function ratioAndTarget(row, target) {
  if (!row) return ["", ""];
  return [`${row.ratio} (${row.ratioRange.join(" to ")})`, target ?? ""];
}

function table(heading, rows) {
  const line = (cells) => `| ${cells.join(" | ")} |`;
  return [line(heading), line(heading.map(() => "---")), ...rows.map(line)].join("\n");
}
