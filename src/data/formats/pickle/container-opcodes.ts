import { setEntry } from "./globals.js";
import type { PickleMachine } from "./machine.js";
import type { Opcode } from "./opcode.js";
import { PyDict, PyList, PySet, PyTuple, type PyValue } from "./values.js";

function pushTuple(machine: PickleMachine, size: number): void {
  const items: PyValue[] = [];
  for (let i = 0; i < size; i++) items.unshift(machine.pop());
  machine.pushContainer(new PyTuple(items));
}

function makeDict(machine: PickleMachine, items: readonly PyValue[], dict: PyDict): void {
  if (items.length % 2 !== 0) machine.fail("data.format", "a dict has a key without a value");
  for (let i = 0; i + 1 < items.length; i += 2)
    setEntry(machine, dict, items[i] ?? null, items[i + 1] ?? null);
}

function extendList(machine: PickleMachine, items: readonly PyValue[]): void {
  const list = machine.top();
  if (!(list instanceof PyList)) machine.wrongType("a list", list);
  for (const item of items) list.items.push(item);
}

function extendSet(machine: PickleMachine): void {
  const items = machine.popToMark();
  const set = machine.top();
  if (!(set instanceof PySet)) machine.wrongType("a set", set);
  for (const item of items) set.items.push(item);
}

function setItems(machine: PickleMachine, items: readonly PyValue[]): void {
  const dict = machine.top();
  if (!(dict instanceof PyDict)) machine.wrongType("a dict", dict);
  makeDict(machine, items, dict);
}

function setItem(machine: PickleMachine): void {
  const value = machine.pop();
  const key = machine.pop();
  setItems(machine, [key, value]);
}

function dictFromMark(machine: PickleMachine): void {
  const dict = new PyDict();
  makeDict(machine, machine.popToMark(), dict);
  machine.pushContainer(dict);
}

/** Opcodes that make and fill containers. */
export const CONTAINER_OPCODES: readonly Opcode[] = [
  [
    0x28,
    "MARK",
    (m) => {
      m.mark();
    },
  ],
  [
    0x29,
    "EMPTY_TUPLE",
    (m) => {
      m.pushContainer(new PyTuple([]));
    },
  ],
  [
    0x85,
    "TUPLE1",
    (m) => {
      pushTuple(m, 1);
    },
  ],
  [
    0x86,
    "TUPLE2",
    (m) => {
      pushTuple(m, 2);
    },
  ],
  [
    0x87,
    "TUPLE3",
    (m) => {
      pushTuple(m, 3);
    },
  ],
  [
    0x74,
    "TUPLE",
    (m) => {
      m.pushContainer(new PyTuple(m.popToMark()));
    },
  ],
  [
    0x5d,
    "EMPTY_LIST",
    (m) => {
      m.pushContainer(new PyList());
    },
  ],
  [
    0x6c,
    "LIST",
    (m) => {
      m.pushContainer(new PyList(m.popToMark()));
    },
  ],
  [
    0x61,
    "APPEND",
    (m) => {
      extendList(m, [m.pop()]);
    },
  ],
  [
    0x65,
    "APPENDS",
    (m) => {
      extendList(m, m.popToMark());
    },
  ],
  [
    0x7d,
    "EMPTY_DICT",
    (m) => {
      m.pushContainer(new PyDict());
    },
  ],
  [0x64, "DICT", dictFromMark],
  [0x73, "SETITEM", setItem],
  [
    0x75,
    "SETITEMS",
    (m) => {
      setItems(m, m.popToMark());
    },
  ],
  [
    0x8f,
    "EMPTY_SET",
    (m) => {
      m.pushContainer(new PySet());
    },
  ],
  [0x90, "ADDITEMS", extendSet],
  [
    0x91,
    "FROZENSET",
    (m) => {
      m.pushContainer(new PySet(m.popToMark()));
    },
  ],
];
