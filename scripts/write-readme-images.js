// Redraws docs/images/ from the results of a demo. Needs: npm run demo && node scripts/write-readme-images.js
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { noisePicture } from "../dist/report/demo/demo-report.js";

const results = JSON.parse(readFileSync(new URL("../euar-demo/results.json", import.meta.url), "utf8"));
const folder = new URL("../docs/images/", import.meta.url);
mkdirSync(folder, { recursive: true });
writeFileSync(new URL("demo.svg", folder), noisePicture(results));
