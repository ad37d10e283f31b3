/** The layers of docs/architecture.md: each imports only from itself and from layers before it. */
const layers = [
  "core",
  "signal",
  "tensor",
  "nn",
  "data",
  "corruption",
  "encoders",
  "onnx",
  "metrics",
  "protocols",
  "models",
  "features",
  "runs",
  "predict",
  "evaluate",
  "train",
  "experiments",
  "report",
  "export",
  "server",
  "client",
  "cli",
];
/** Layers whose tests may train a model to have one. */
const testsTrain = ["runs", "predict", "evaluate"];
const allowedBelow = {
  signal: ["core"],
  // a data set can be generated with corruptions, and corruptions are made to data sets
  data: ["core", "corruption"],
  corruption: ["core", "signal", "data"],
  metrics: ["core"],
  // a page loads the client and nothing else of the package
  client: [],
  protocols: ["core", "data", "corruption", "metrics"],
};

module.exports = {
  forbidden: [
    { name: "no-cycles", severity: "error", from: {}, to: { circular: true } },
    ...layers.map((layer, i) => ({
      name: `layer-${layer}`,
      severity: "error",
      comment: `${layer} imports only from layers above it in docs/architecture.md`,
      from: { path: `^src/${layer}/`, pathNot: testsTrain.includes(layer) ? "\\.test\\.ts$" : "^$" },
      to: {
        path: "^src/[^/]+/",
        pathNot: (allowedBelow[layer] ?? layers.slice(0, i)).concat(layer).map((name) => `^src/${name}/`),
      },
    })),
    {
      name: "corruption-without-readers",
      severity: "error",
      comment: "corruption knows the types and the units of data sets, not how they are read or generated",
      from: { path: "^src/corruption/", pathNot: "\\.test\\.ts$" },
      to: { path: "^src/data/[^/]+/" },
    },
    {
      name: "pure-layers",
      severity: "error",
      comment:
        "core, signal, tensor, nn, onnx, models, metrics, corruption and protocols run in the browser: " +
        "no Node modules",
      from: {
        path: "^src/(core|signal|tensor|nn|onnx|models|metrics|corruption|protocols)/",
        pathNot: "\\.test\\.ts$|/testing/",
      },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "training-without-files",
      severity: "error",
      comment:
        "training, evaluation and prediction run in the browser: only run folders (with their locks and " +
        "stored results) and the reader of weights touch files, and they are loaded when asked for",
      from: {
        path: "^src/(runs|predict|evaluate|train)/",
        pathNot: "\\.test\\.ts$|/testing/|/(run-folder|folder-lock|stored-run|read-weights)\\.ts$",
      },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "encoders-without-files",
      severity: "error",
      comment: "encoders run in the browser: only the reader of folders touches files",
      from: { path: "^src/encoders/", pathNot: "\\.test\\.ts$|/testing/|/encoder-folder\\.ts$" },
      to: { dependencyTypes: ["core"] },
    },
    // A package under peerDependenciesMeta is also reported as "npm-no-pkg", because that key is none that
    // the tool knows.
    {
      name: "no-orphan-deps",
      severity: "error",
      from: { path: "^src" },
      to: { dependencyTypes: ["npm-no-pkg", "npm-unknown"], dependencyTypesNot: ["npm-peer"] },
    },
    { name: "no-unresolvable", severity: "error", from: { path: "^src" }, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      extensions: [".ts", ".js"],
      exportsFields: ["exports"],
      conditionNames: ["import", "types", "default"],
    },
  },
};
