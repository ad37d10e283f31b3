import svelte from "eslint-plugin-svelte";
import svelteParser from "svelte-eslint-parser";
import tseslint from "typescript-eslint";

const writers = [
  "writeFile",
  "writeFileSync",
  "appendFile",
  "appendFileSync",
  "createWriteStream",
  "writeSync",
];

const readers = ["readFile", "readFileSync", "createReadStream"];
/** Files that check what they read themselves: media, models, and files of installed packages. */
const ownReaders = ["src/features/{decode,onnx,align/forced}/*.ts", "src/features/node-assets.ts"];

/** The studio has a project of its own, whose components are read by Svelte's parser. */
const ofStudio = { project: "./studio/tsconfig.json", extraFileExtensions: [".svelte"] };

const defaultExport = { selector: "ExportDefaultDeclaration", message: "No default exports." };
/** `values[i] ?? 0` hides a wrong index. Keys in quotes are those of records, whose values may be absent. */
const hiddenIndex = ["[right.value=0]", "[right.name='NaN']"].map((right) => ({
  selector:
    `LogicalExpression[operator='??']${right}` +
    " > MemberExpression.left[computed=true]:not([property.raw=/^[\"']/])",
  message: "This hides a wrong index. Use defined(values[i]), or values.at(i) if the element may be absent.",
}));

export default tseslint.config(
  {
    ignores: [
      "dist",
      "docs-api",
      "node_modules",
      "runs",
      "kernels",
      "**/*.as.ts",
      "**/*.generated.*",
      "coverage",
      "euar-demo",
      "examples/browser/served",
      "test/fixtures",
    ],
  },
  ...svelte.configs.recommended.map((config) => ({ ...config, files: ["studio/**/*.svelte"] })),
  ...[
    {
      files: ["src/**/*.ts", "test/**/*.ts", "bench/**/*.ts", "examples/**/*.ts"],
      project: "./tsconfig.json",
    },
    { files: ["studio/src/**/*.ts"], ...ofStudio },
    { files: ["studio/src/**/*.svelte"], ...ofStudio, parser: tseslint.parser, reader: svelteParser },
  ].map(({ files, reader = tseslint.parser, ...parserOptions }) => ({
    files,
    extends: [tseslint.configs.strictTypeChecked.map((config) => ({ ...config, files }))],
    languageOptions: {
      parser: reader,
      parserOptions: { ...parserOptions, tsconfigRootDir: import.meta.dirname },
    },
    linterOptions: { noInlineConfig: true, reportUnusedDisableDirectives: true },
    rules: {
      "@typescript-eslint/restrict-template-expressions": [
        "error",
        { allowNumber: true, allowBoolean: true },
      ],
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/no-non-null-assertion": "error",
      "@typescript-eslint/consistent-type-imports": "error",
      "no-restricted-syntax": ["error", defaultExport],
      complexity: ["error", 20],
      "max-lines": ["error", { max: 420, skipBlankLines: true, skipComments: true }],
    },
  })),
  ...[
    {
      importNames: [...readers, ...writers],
      message: "Use src/data/files: guarded reading, and writing that survives short writes.",
      ignores: ["src/data/formats/npy-writer.ts", "src/features/extract/sample-media.ts", ...ownReaders],
    },
    { importNames: writers, message: "Write through src/data/files/write-file.ts.", files: ownReaders },
  ].map(({ importNames, message, files = ["src/**/*.ts"], ignores = [] }) => ({
    files,
    ignores: ["**/*.test.ts", "**/testing/**", "src/data/files/**", ...ignores],
    rules: {
      "no-restricted-imports": [
        "error",
        { paths: ["node:fs", "node:fs/promises"].map((name) => ({ name, importNames, message })) },
      ],
    },
  })),
  {
    // svelte-check has the types of components; here they are any
    files: ["studio/**/*.svelte"],
    rules: Object.fromEntries(
      ["no-unsafe-argument", "restrict-plus-operands"].map((rule) => [`@typescript-eslint/${rule}`, "off"]),
    ),
  },
  { files: ["**/*.test.ts", "src/**/testing/*.ts"], rules: { "max-lines": ["error", 600] } },
  {
    files: ["{src,studio/src}/**/*.{ts,svelte}", "{scripts,bench}/**/*.js"],
    ignores: ["**/*.test.ts", "**/testing/**"],
    rules: { "no-restricted-syntax": ["error", defaultExport, ...hiddenIndex] },
  },
  // written by scripts/write-kernel-table.js, one entry per kernel
  { files: ["src/tensor/kernels/raw.ts"], rules: { "max-lines": "off" } },
  {
    files: ["{bench,examples,test}/**/*.{js,ts}", "scripts/**/*.js"],
    rules: {
      "no-restricted-imports": [
        "error",
        {
          patterns: [
            { regex: "dist/.*/", message: "Use the public entry points: euar, euar/tensor and so on." },
          ],
        },
      ],
    },
  },
  { files: ["studio/vite.config.ts"], languageOptions: { parser: tseslint.parser } },
  {
    files: [
      "vitest.config.ts",
      "studio/vite.config.ts",
      "eslint.config.js",
      "scripts/**/*.js",
      "bin/**/*.js",
      "examples/**/*.js",
    ],
    ...tseslint.configs.disableTypeChecked,
  },
);
