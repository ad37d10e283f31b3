import { PbfReader } from "pbf";

/** Fields of one protocol buffer message by number, each with the list of its values. */
export type Fields = ReadonlyMap<number, readonly (number | Uint8Array)[]>;

/** Reads the fields of one message. Length-delimited fields stay bytes. */
export function fieldsOf(bytes: Uint8Array): Fields {
  const found = new Map<number, (number | Uint8Array)[]>();
  new PbfReader(bytes).readFields((tag, into, reader) => {
    const value =
      reader.type === 2
        ? reader.readBytes()
        : reader.type === 5
          ? reader.readFloat()
          : reader.readVarint(true);
    into.set(tag, [...(into.get(tag) ?? []), value]);
  }, found);
  return found;
}

/** Reads field `tag` of a message as a message. */
export function nested(fields: Fields, tag: number, at = 0): Fields {
  const value = fields.get(tag)?.[at];
  if (!(value instanceof Uint8Array)) throw new Error(`field ${tag} is not a message`);
  return fieldsOf(value);
}

export function textOf(value: number | Uint8Array | undefined): string {
  return value instanceof Uint8Array ? new TextDecoder().decode(value) : "";
}

/**
 * Lists the element types (TensorProto.DataType) in an ONNX file: those of its initialisers, inputs and
 * outputs, and the targets of Cast nodes.
 */
export function elementTypesOf(file: Uint8Array): Set<number> {
  const graph = nested(fieldsOf(file), 7);
  const messages = (tag: number): Fields[] => (graph.get(tag) ?? []).map((_, at) => nested(graph, tag, at));
  const types = new Set<number>();
  const add = (value: number | Uint8Array | undefined): void => {
    if (typeof value !== "number") throw new Error("an element type is not a number");
    types.add(value);
  };
  for (const tensor of messages(5)) add(tensor.get(2)?.[0]);
  for (const port of [...messages(11), ...messages(12)]) add(nested(nested(port, 2), 1).get(1)?.[0]);
  for (const node of messages(1)) {
    if (textOf(node.get(4)?.[0]) === "Cast") add(nested(node, 5).get(3)?.[0]);
  }
  return types;
}
