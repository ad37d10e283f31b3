// Rewrites the generated part of docs/cli.md from the commands' schemas. Needs a build: npm run build && node
// scripts/write-cli-docs.js
import { readFileSync, writeFileSync } from "node:fs";
import { commandReference } from "../dist/cli/reference.js";

const path = new URL("../docs/cli.md", import.meta.url);
const [before, after] = [
  "<!-- reference: made by scripts/write-cli-docs.js -->",
  "<!-- end of reference -->",
];
const text = readFileSync(path, "utf8");
const start = text.indexOf(before) + before.length;
writeFileSync(
  path,
  `${text.slice(0, start)}\n\n${await commandReference()}\n\n${text.slice(text.indexOf(after))}`,
);
