// npm run test:mutants: puts one deliberate mistake at a time into a copy of the project and runs the tests
// that must notice it. Prints the survivors and ends with 1 if there are any. The checkout is only read.
//   --only TEXT   only the mutants whose name contains the text
//   --jobs N      copies at work at once (default 2)
//   --fresh       forgets what earlier calls found
// Mutants that were killed are remembered until their file or tests change, so that it can be interrupted.
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
const asked = mutants.filter(({ name }) => name.includes(values.only));
/** As the files are now, for they may be edited while this runs. */
const identities = new Map(asked.map((mutant) => [mutant, identity(mutant)]));
const waiting = asked.filter((mutant) => !killed.has(identities.get(mutant)));
console.log(`${asked.length} mutants, ${asked.length - waiting.length} of them killed before`);

const began = performance.now();
const survivors = [];
const workshops = Array.from(
  { length: Math.min(Number(values.jobs), waiting.length) },
  () => new Workshop(root),
);
process.on("SIGINT", () => {
  for (const workshop of workshops) workshop.close();
  console.log("Interrupted; what was killed is remembered.");
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
console.log(`${asked.length - survivors.length} killed, ${survivors.length} survived (${seconds} s)`);
for (const { mutant, why } of survivors) console.log(`  ${mutant.name}\n    ${mutant.file}: ${why}`);
process.exit(survivors.length > 0 ? 1 : 0);

/** Without a mutant all tests must pass: otherwise a failure says nothing. */
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
  if (ill.length > 0) throw new Error(`These tests do not pass as the code is: ${ill.join(", ")}`);
  console.log(`${tests.length} test files pass as the code is`);
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

/** What a verdict is about: the mutant, its file and its tests as they are now. */
function identity({ file, text, replacement, tests }) {
  const contents = [file, ...tests].map((path) => readFileSync(join(root, path), "utf8"));
  return digest(JSON.stringify([file, text, replacement, tests, contents]));
}

function digest(text) {
  return createHash("sha256").update(text).digest("hex");
}
