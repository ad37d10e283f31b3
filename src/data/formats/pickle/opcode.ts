import type { PickleMachine } from "./machine.js";

/**
 * Byte, name and effect of one opcode. The names are those of the documentation of Python's pickle module.
 */
export type Opcode = readonly [code: number, name: string, run: (machine: PickleMachine) => void];
