import type { PickleMachine } from "./machine.js";

/** Byte, name and effect of one opcode; the names are those of the pickle module's documentation. */
export type Opcode = readonly [code: number, name: string, run: (machine: PickleMachine) => void];
