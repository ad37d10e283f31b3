import { latin1Text } from "../nd-array.js";
import { buildArray, buildDtype, construct, findGlobal } from "./globals.js";
import type { PickleMachine } from "./machine.js";
import type { Opcode } from "./opcode.js";
import { shortText } from "./text.js";
import { describe, PyArray, PyDtype, PyTuple, type PyValue } from "./values.js";

function protocol(machine: PickleMachine): void {
  const version = machine.uint8();
  if (version > 5)
    machine.fail("data.format", `protocol ${version} is newer than this reader, which knows 0 to 5`);
}

/** Checks the length of a frame against the file. Its opcodes are then read as usual. */
function frame(machine: PickleMachine): void {
  machine.demand(machine.uint64());
}

function pop(machine: PickleMachine): void {
  if (machine.markOnTop()) machine.popToMark();
  else machine.pop();
}

function memoIndexLine(machine: PickleMachine): number {
  const text = latin1Text(machine.line(20));
  return /^\d{1,15}$/.test(text)
    ? Number(text)
    : machine.fail("data.format", "a line that should be a memo index is not");
}

function globalLines(machine: PickleMachine): PyValue {
  const module = latin1Text(machine.line(1024));
  return findGlobal(machine, module, latin1Text(machine.line(1024)));
}

function stackGlobal(machine: PickleMachine): void {
  const name = shortText(machine, machine.pop());
  const module = shortText(machine, machine.pop());
  if (name === undefined || module === undefined)
    machine.fail("data.format", "the module and name of a type must be strings");
  machine.push(findGlobal(machine, module, name));
}

function argumentsOf(machine: PickleMachine, value: PyValue): readonly PyValue[] {
  return value instanceof PyTuple ? value.items : machine.wrongType("a tuple of arguments", value);
}

/** REDUCE and NEWOBJ: callable and arguments. */
function reduce(machine: PickleMachine): void {
  const args = argumentsOf(machine, machine.pop());
  machine.push(construct(machine, machine.pop(), args));
}

function inst(machine: PickleMachine): void {
  const callee = globalLines(machine);
  machine.push(construct(machine, callee, machine.popToMark()));
}

function object(machine: PickleMachine): void {
  const [callee, ...args] = machine.popToMark();
  machine.push(construct(machine, callee ?? null, args));
}

/** BUILD: gives an array or element type its state. Nothing else may have a state. */
function build(machine: PickleMachine): void {
  const state = machine.pop();
  const target = machine.top();
  if (target instanceof PyArray) buildArray(machine, target, state);
  else if (target instanceof PyDtype) buildDtype(machine, target, state);
  else machine.fail("data.unsafe", `${describe(target)} is given a state, which only arrays may have`);
}

function refuse(what: string): (machine: PickleMachine) => void {
  return (machine) =>
    machine.fail("data.unsafe", `the file uses ${what}, which can be any object, so it is refused`);
}

function outOfBand(machine: PickleMachine): void {
  machine.fail(
    "data.format",
    "the contents of an array are not in this file (out-of-band buffer)",
    "Save the file again with pickle.dump(value, file), without buffer_callback.",
  );
}

/** Opcodes for the memo, names and calls, and all opcodes that are refused. */
export const MACHINE_OPCODES: readonly Opcode[] = [
  [0x80, "PROTO", protocol],
  [0x95, "FRAME", frame],
  [
    0x2e,
    "STOP",
    (m) => {
      m.finished = true;
    },
  ],
  [0x30, "POP", pop],
  [
    0x31,
    "POP_MARK",
    (m) => {
      m.popToMark();
    },
  ],
  [
    0x32,
    "DUP",
    (m) => {
      m.push(m.top());
    },
  ],
  [
    0x67,
    "GET",
    (m) => {
      m.push(m.recall(memoIndexLine(m)));
    },
  ],
  [
    0x68,
    "BINGET",
    (m) => {
      m.push(m.recall(m.uint8()));
    },
  ],
  [
    0x6a,
    "LONG_BINGET",
    (m) => {
      m.push(m.recall(m.uint32()));
    },
  ],
  [
    0x70,
    "PUT",
    (m) => {
      m.store(memoIndexLine(m), m.top());
    },
  ],
  [
    0x71,
    "BINPUT",
    (m) => {
      m.store(m.uint8(), m.top());
    },
  ],
  [
    0x72,
    "LONG_BINPUT",
    (m) => {
      m.store(m.uint32(), m.top());
    },
  ],
  [
    0x94,
    "MEMOIZE",
    (m) => {
      m.store(m.memo.size, m.top());
    },
  ],
  [
    0x63,
    "GLOBAL",
    (m) => {
      m.push(globalLines(m));
    },
  ],
  [0x93, "STACK_GLOBAL", stackGlobal],
  [0x52, "REDUCE", reduce],
  [0x81, "NEWOBJ", reduce],
  [0x92, "NEWOBJ_EX", refuse("a constructor with keyword arguments")],
  [0x69, "INST", inst],
  [0x6f, "OBJ", object],
  [0x62, "BUILD", build],
  [0x50, "PERSID", refuse("a persistent reference")],
  [0x51, "BINPERSID", refuse("a persistent reference")],
  [0x82, "EXT1", refuse("an extension code")],
  [0x83, "EXT2", refuse("an extension code")],
  [0x84, "EXT4", refuse("an extension code")],
  [0x97, "NEXT_BUFFER", outOfBand],
  [0x98, "READONLY_BUFFER", outOfBand],
];
