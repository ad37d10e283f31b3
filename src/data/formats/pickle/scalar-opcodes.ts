import { defined } from "../../../core/defined.js";
import { latin1Text } from "../nd-array.js";
import type { PickleMachine } from "./machine.js";
import type { Opcode } from "./opcode.js";
import { decodeUtf8, rawUnicode, SHORT, unquote } from "./text.js";
import { PyBytes, PyText } from "./values.js";

/** Pushes a string of `length` bytes of UTF-8: decoded if short, otherwise as a place in the file. */
function pushText(machine: PickleMachine, length: number): void {
  if (length <= SHORT) machine.push(decodeUtf8(machine.bytes(length)));
  else machine.push(new PyText(machine.skip(length), length));
}

/** Pushes `length` bytes: copied if few, otherwise as a place in the file. */
function pushBytes(machine: PickleMachine, length: number): void {
  if (length < 0) machine.fail("data.format", `a byte string has the length ${length}`);
  if (length <= SHORT) machine.push(new PyBytes({ kind: "memory", bytes: machine.bytes(length) }));
  else machine.push(new PyBytes({ kind: "range", offset: machine.skip(length), length }));
}

/** Pushes an integer of `length` bytes, little-endian, two's complement. */
function pushLong(machine: PickleMachine, length: number): void {
  if (length < 0 || length > machine.limits.integer)
    machine.fail("data.format", `an integer of ${length} bytes is out of bounds`);
  let value = 0n;
  const bytes = machine.bytes(length);
  for (let i = length - 1; i >= 0; i--) value = (value << 8n) | BigInt(defined(bytes[i]));
  pushInteger(machine, length === 0 ? 0n : BigInt.asIntN(8 * length, value));
}

function pushInteger(machine: PickleMachine, value: bigint): void {
  const small = Number(value);
  machine.push(Number.isSafeInteger(small) ? small : value);
}

function numberLine(machine: PickleMachine): string {
  return latin1Text(machine.line(machine.limits.integer * 3)).trim();
}

function pushIntegerLine(machine: PickleMachine, text: string): void {
  if (!/^[+-]?\d+$/.test(text)) machine.fail("data.format", "a line that should be an integer is not");
  pushInteger(machine, BigInt(text.replace(/^\+/, "")));
}

/** INT: "00" and "01" are the booleans of protocol 0. */
function int(machine: PickleMachine): void {
  const text = numberLine(machine);
  if (text === "00" || text === "01") machine.push(text === "01");
  else pushIntegerLine(machine, text);
}

const FLOAT_NAMES: Readonly<Record<string, number>> = {
  nan: NaN,
  "-nan": NaN,
  inf: Infinity,
  "+inf": Infinity,
  "-inf": -Infinity,
};

function float(machine: PickleMachine): void {
  const text = numberLine(machine).toLowerCase();
  const value =
    FLOAT_NAMES[text] ?? (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/.test(text) ? Number(text) : undefined);
  if (value === undefined) machine.fail("data.format", "a line that should be a number is not");
  machine.push(value);
}

function quotedString(machine: PickleMachine): void {
  machine.push(new PyBytes({ kind: "memory", bytes: unquote(machine, machine.line()) }));
}

/** Opcodes that push one scalar. */
export const SCALAR_OPCODES: readonly Opcode[] = [
  [
    0x4e,
    "NONE",
    (m) => {
      m.push(null);
    },
  ],
  [
    0x88,
    "NEWTRUE",
    (m) => {
      m.push(true);
    },
  ],
  [
    0x89,
    "NEWFALSE",
    (m) => {
      m.push(false);
    },
  ],
  [0x49, "INT", int],
  [
    0x4a,
    "BININT",
    (m) => {
      m.push(m.int32());
    },
  ],
  [
    0x4b,
    "BININT1",
    (m) => {
      m.push(m.uint8());
    },
  ],
  [
    0x4d,
    "BININT2",
    (m) => {
      m.push(m.uint16());
    },
  ],
  [
    0x4c,
    "LONG",
    (m) => {
      pushIntegerLine(m, numberLine(m).replace(/L$/, ""));
    },
  ],
  [
    0x8a,
    "LONG1",
    (m) => {
      pushLong(m, m.uint8());
    },
  ],
  [
    0x8b,
    "LONG4",
    (m) => {
      pushLong(m, m.int32());
    },
  ],
  [0x46, "FLOAT", float],
  [
    0x47,
    "BINFLOAT",
    (m) => {
      m.push(m.float64());
    },
  ],
  [0x53, "STRING", quotedString],
  [
    0x55,
    "SHORT_BINSTRING",
    (m) => {
      pushBytes(m, m.uint8());
    },
  ],
  [
    0x54,
    "BINSTRING",
    (m) => {
      pushBytes(m, m.int32());
    },
  ],
  [
    0x43,
    "SHORT_BINBYTES",
    (m) => {
      pushBytes(m, m.uint8());
    },
  ],
  [
    0x42,
    "BINBYTES",
    (m) => {
      pushBytes(m, m.uint32());
    },
  ],
  [
    0x8e,
    "BINBYTES8",
    (m) => {
      pushBytes(m, m.uint64());
    },
  ],
  [
    0x96,
    "BYTEARRAY8",
    (m) => {
      pushBytes(m, m.uint64());
    },
  ],
  [
    0x56,
    "UNICODE",
    (m) => {
      m.push(rawUnicode(m, m.line()));
    },
  ],
  [
    0x8c,
    "SHORT_BINUNICODE",
    (m) => {
      pushText(m, m.uint8());
    },
  ],
  [
    0x58,
    "BINUNICODE",
    (m) => {
      pushText(m, m.uint32());
    },
  ],
  [
    0x8d,
    "BINUNICODE8",
    (m) => {
      pushText(m, m.uint64());
    },
  ],
];
