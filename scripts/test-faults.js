// Runs the long form of the fault tests of the server (test/faults) and prints what was measured. The short
// form is part of `npm test`. The test with a full disk needs the right to mount one (root on Linux).
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const vitest = fileURLToPath(new URL("../node_modules/vitest/vitest.mjs", import.meta.url));
const { status } = spawnSync(
  process.execPath,
  [vitest, "run", "test/faults", "--disable-console-intercept"],
  {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, EUAR_FAULTS: "long" },
  },
);
process.exit(status ?? 1);
