// npm run test:mutants: puts one deliberate mistake at a time into a copy of the project and runs the tests
// that must notice it. Prints the survivors, and exits with 1 if there are any. Only reads the checkout.
//   --only TEXT   only the mutants whose name contains the text
//   --jobs N      number of parallel copies (default 2)
//   --fresh       ignore the results of earlier calls
// Killed mutants are remembered until their file or tests change, so an interrupted call can continue.
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { listFaults, mutants } from "./lib/mutant-list.js";
import { Workshop } from "./lib/mutant-workshop.js";

const root = fileURLToPath(new URL("..", import.meta.url));
const { values } = parseArgs({
  options: {
    only: { type: "string", default: "" },
    jobs: { type: "string", default: "2" },
    fresh: { type: "boolean", default: false },
  },
});

const faults = listFaults(root);
if (faults.length > 0) {
  console.error(`The list of mutants does not fit the code:\n${faults.join("\n")}`);
  process.exit(1);
}

const memory = join(tmpdir(), `euar-mutants-${digest(root).slice(0, 12)}.json`);
const killed = new Set(values.fresh || !existsSync(memory) ? [] : JSON.parse(readFileSync(memory, "utf8")));
const selected = mutants.filter(({ name }) => name.includes(values.only));
/** Identities of the current files, which may be edited while this runs. */
const identities = new Map(selected.map((mutant) => [mutant, identity(mutant)]));
const waiting = selected.filter((mutant) => !killed.has(identities.get(mutant)));
console.log(`${selected.length} mutants, ${selected.length - waiting.length} of them killed before`);

const began = performance.now();
const survivors = [];
const workshops = Array.from(
  { length: Math.min(Number(values.jobs), waiting.length) },
  () => new Workshop(root),
);
process.on("SIGINT", () => {
  for (const workshop of workshops) workshop.close();
  console.log("Interrupted. Killed mutants are remembered.");
  process.exit(130);
});
try {
  await requireHealth();
  const queue = [...waiting];
  await Promise.all(workshops.map((workshop) => work(workshop, queue)));
} finally {
  for (const workshop of workshops) workshop.close();
}

const seconds = ((performance.now() - began) / 1000).toFixed(0);
console.log(`${selected.length - survivors.length} killed, ${survivors.length} survived (${seconds} s)`);
for (const { mutant, why } of survivors) console.log(`  ${mutant.name}\n    ${mutant.file}: ${why}`);
process.exit(survivors.length > 0 ? 1 : 0);

/** Checks that all tests pass without a mutant. Otherwise a failure has no meaning. */
async function requireHealth() {
  const tests = [...new Set(waiting.flatMap((mutant) => mutant.tests))];
  const queue = [...tests];
  const ill = [];
  await Promise.all(
    workshops.map(async (workshop) => {
      for (let some = queue.splice(0, 4); some.length > 0; some = queue.splice(0, 4)) {
        const passing = await workshop.run(some);
        ill.push(...some.filter((test) => passing.get(test) !== "passed"));
      }
    }),
  );
  if (ill.length > 0) throw new Error(`These tests fail on the unchanged code: ${ill.join(", ")}`);
  console.log(`${tests.length} test files pass on the unchanged code`);
}

async function work(workshop, queue) {
  for (let mutant = queue.shift(); mutant !== undefined; mutant = queue.shift()) {
    const start = performance.now();
    const outcome = await workshop.runWith(mutant);
    const silent = mutant.tests.filter((test) => outcome.get(test) !== "failed");
    const broken = mutant.tests.filter((test) => outcome.get(test) === "broken");
    const took = `${((performance.now() - start) / 1000).toFixed(1)} s`.padStart(7);
    console.log(`${silent.length === 0 ? "killed  " : "SURVIVED"} ${took}  ${mutant.name}`);
    if (silent.length > 0) {
      const why =
        broken.length > 0 ? `cannot be run: ${broken.join(", ")}` : `still passes: ${silent.join(", ")}`;
      survivors.push({ mutant, why });
      continue;
    }
    killed.add(identities.get(mutant));
    writeFileSync(memory, JSON.stringify([...killed]));
  }
}

/** Returns the identity of a verdict: a hash of the mutant, its file and its tests. */
function identity({ file, text, replacement, tests }) {
  const contents = [file, ...tests].map((path) => readFileSync(join(root, path), "utf8"));
  return digest(JSON.stringify([file, text, replacement, tests, contents]));
}

function digest(text) {
  return createHash("sha256").update(text).digest("hex");
}
