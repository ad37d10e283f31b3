import type { Command } from "./command.js";

interface Entry {
  readonly summary: string;
  /** Loads the command's module only when it runs. `euar predict` must not load chart code. */
  readonly load: () => Promise<Command>;
}

export const commandNames = [
  "demo",
  "align",
  "extract",
  "encoders",
  "train",
  "evaluate",
  "corrupt",
  "predict",
  "serve",
  "keys",
  "reproduce",
  "report",
  "sweep",
  "export",
  "inspect",
  "bench",
  "doctor",
] as const;

export type CommandName = (typeof commandNames)[number];

export const commands: Readonly<Record<CommandName, Entry>> = {
  demo: {
    summary: "train EUAR on the embedded data set, compare, and write an HTML report",
    load: async () => (await import("./commands/demo.js")).demoCommand,
  },
  align: {
    summary: "find the times of the spoken words of clips",
    load: async () => (await import("./commands/align.js")).alignCommand,
  },
  train: {
    summary: "train a model on a data set into a run folder",
    load: async () => (await import("./commands/train.js")).trainCommand,
  },
  evaluate: {
    summary: "evaluate a trained run on any subset of modalities, noise or protocol",
    load: async () => (await import("./commands/evaluate.js")).evaluateCommand,
  },
  corrupt: {
    summary: "write a corrupted copy of a data set, for use with other tools",
    load: async () => (await import("./commands/corrupt.js")).corruptCommand,
  },
  predict: {
    summary: "score one sample, or a stream of them, with diagnostics",
    load: async () => (await import("./commands/predict.js")).predictCommand,
  },
  serve: {
    summary: "serve trained models over HTTP, with an OpenAPI document and web pages",
    load: async () => (await import("./commands/serve.js")).serveCommand,
  },
  keys: {
    summary: "make keys for a server that other machines reach: list, add, remove",
    load: async () => (await import("./commands/keys.js")).keysCommand,
  },
  export: {
    summary: "export a trained model to other runtimes (ONNX), with a model card",
    load: async () => (await import("./commands/export.js")).exportCommand,
  },
  extract: {
    summary: "extract features from clips, posts or texts into a data set",
    load: async () => (await import("./commands/extract.js")).extractCommand,
  },
  encoders: {
    summary: "store pretrained text encoders by name: list, add, remove",
    load: async () => (await import("./commands/encoders.js")).encodersCommand,
  },
  reproduce: {
    summary: "run the experiments of the paper's tables and figures on your data",
    load: async () => (await import("./commands/reproduce.js")).reproduceCommand,
  },
  report: {
    summary: "write the report of experiments: HTML, CSV, LaTeX",
    load: async () => (await import("./commands/report.js")).reportCommand,
  },
  sweep: {
    summary: "search options of a model and its training on validation data",
    load: async () => (await import("./commands/sweep.js")).sweepCommand,
  },
  inspect: {
    summary: "show the content of a data set, a run folder or a weight file",
    load: async () => (await import("./commands/inspect.js")).inspectCommand,
  },
  bench: {
    summary: "time a training step or a prediction on this machine",
    load: async () => (await import("./commands/bench.js")).benchCommand,
  },
  doctor: {
    summary: "check this machine and show how to install what is missing",
    load: async () => (await import("./commands/doctor.js")).doctorCommand,
  },
};

export function isCommandName(name: string): name is CommandName {
  return commandNames.some((known) => known === name);
}
