import { readFileSync, writeFileSync } from "node:fs";
import { targets } from "../cases.js";
import { significant } from "./statistics.js";
import { encoder, scaling, sequence, steps } from "./step-tables.js";
import { busy, measuredOn, percent, ratioAndTarget, table, variantOf } from "./table-words.js";

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
    prediction(results),
    start(results),
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

const peerColumns = ["", "PyTorch / ours", "aim", "peer"];

function prediction({ predict }) {
  if (!predict?.peers) return undefined;
  const rows = Object.entries(predict.peers).flatMap(([ours, peers]) => predictions(peers, ours));
  return [
    "**One prediction** from features. With uncertainties, ours also computes contributions and an interval.",
    `${measuredOn(predict.machine)}; PyTorch ${predict.versions.torch}.`,
    table(peerColumns, rows),
  ].join("\n\n");
}

function start({ start: result }) {
  if (!result?.library) return undefined;
  const name = "Process start to first prediction";
  const peer = "import torch, load weights, predict";
  return table(peerColumns, [
    [`${name}, library`, result.library, targets.start, peer],
    [`${name}, \`euar predict\``, result.command, targets.start, peer],
  ]);
}

/** Rows of one prediction, on one of our backends. */
function predictions(peers, ours) {
  const aim = targets.predict[ours];
  const variant = (peer) => `PyTorch ${variantOf(peer).replace(" uncertainties", "")}`;
  return [
    [
      `With uncertainties, ${ours}`,
      ...ratioAndTarget(peers.uncertainties, aim),
      `${variant(peers.uncertainties)}, with uncertainties`,
    ],
    [
      `The value alone, ${ours}`,
      ...ratioAndTarget(peers.value, aim),
      `${variant(peers.value)}, the value alone`,
    ],
    [
      `With uncertainties, ${ours}`,
      ...ratioAndTarget(peers.unequal, aim),
      `${variant(peers.unequal)}, the value alone (less work)`,
    ],
    [
      `With uncertainties, ${ours}`,
      ...ratioAndTarget(peers.plain, undefined),
      "typical PyTorch code: the module in eval mode under no_grad, with uncertainties",
    ],
  ];
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
