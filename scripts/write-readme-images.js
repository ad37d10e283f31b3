// Copies the picture of the README from a demo. Needs: npm run demo && node scripts/write-readme-images.js
import { copyFileSync } from "node:fs";

copyFileSync(
  new URL("../euar-demo/noise.svg", import.meta.url),
  new URL("../docs/images/demo.svg", import.meta.url),
);
