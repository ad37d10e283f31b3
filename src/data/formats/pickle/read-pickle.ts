import type { ByteSource } from "../byte-source.js";
import { CONTAINER_OPCODES } from "./container-opcodes.js";
import { DEFAULT_LIMITS, PickleMachine, type PickleLimits } from "./machine.js";
import { MACHINE_OPCODES } from "./machine-opcodes.js";
import { SCALAR_OPCODES } from "./scalar-opcodes.js";
import type { PyValue } from "./values.js";

const DISPATCH: (((machine: PickleMachine) => void) | undefined)[] = [];
for (const [code, , run] of [...SCALAR_OPCODES, ...CONTAINER_OPCODES, ...MACHINE_OPCODES])
  DISPATCH[code] = run;

/**
 * Reads a pickle of protocol 0 to 5 as data. It interprets pickle's stack language with data constructors
 * only (numbers, strings, containers, numpy arrays). It imports no name and calls nothing.
 *
 * Long strings and array contents stay in the file, so memory does not grow with the size of the arrays.
 * @throws DataError "data.unsafe" for a name or operation that could run code, "data.truncated" for a file
 * that ends early, "data.format" for anything else that is not a well-formed pickle. Each error names the
 * byte.
 */
export function readPickle(source: ByteSource, limits: PickleLimits = DEFAULT_LIMITS): PyValue {
  const machine: PickleMachine = new PickleMachine(source, limits);
  while (!machine.finished) {
    machine.opcodeAt = machine.offset;
    const code = machine.uint8();
    const run = DISPATCH[code];
    if (run === undefined)
      machine.fail(
        "data.format",
        `0x${code.toString(16).padStart(2, "0")} is not a pickle operation`,
        "Is this really a pickle file?",
      );
    run(machine);
  }
  return machine.pop();
}
