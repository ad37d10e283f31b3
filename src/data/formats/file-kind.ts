import { DataError } from "../../core/errors.js";
import { binaryKinds } from "./binary-kinds.js";
import { KIND_BYTES } from "./byte-source.js";
import { textKind, type TextKindId } from "./text-kinds.js";

export type FileKindId = (typeof binaryKinds)[number]["id"] | TextKindId;

/** Format of a file, recognised by its content. */
export interface FileKind {
  readonly id: FileKindId;
  /** Name with its article, for messages: "a NumPy archive (.npz)". */
  readonly what: string;
  /** Command that reads it, or a way to convert it. */
  readonly remedy: string;
}

/**
 * Recognises a file by its first bytes. Readers call it on unsupported input to name the format and the right
 * command.
 *
 * Looks at the first {@link KIND_BYTES} bytes. Every pattern runs in linear time.
 * @param name for remedies: the path as the user gave it
 * @returns undefined for bytes of an unknown kind, and for an empty file
 */
export function recogniseFile(bytes: Uint8Array, name: string): FileKind | undefined {
  if (bytes.length === 0) return undefined;
  const head = bytes.subarray(0, KIND_BYTES);
  const ascii = Array.from(head, (byte) => String.fromCharCode(byte)).join("");
  const found = binaryKinds.find(({ matches }) => matches(ascii));
  if (found !== undefined) return { id: found.id, what: found.what, remedy: found.remedy(name) };
  return textKind(head, name);
}

/** Kinds of file that a reader accepts. */
export interface FileUse {
  /** Kinds that the reader takes. */
  readonly expected: readonly FileKindId[];
  /** With its article, for messages: "a pickle of a data set". */
  readonly wanted: string;
}

/** File of a kind that its reader does not read. */
export interface MisplacedFile {
  readonly id: FileKindId;
  readonly message: string;
  readonly hint: string;
}

/**
 * Describes a file of a kind that its reader does not read.
 * @returns undefined for the expected kinds, and for bytes of an unknown kind
 */
export function misplacedFile(
  bytes: Uint8Array,
  name: string,
  { expected, wanted }: FileUse,
): MisplacedFile | undefined {
  const kind = recogniseFile(bytes, name);
  if (kind === undefined || expected.includes(kind.id)) return undefined;
  const message = `${name} is ${kind.what}, where ${wanted} was expected`;
  return { id: kind.id, message, hint: kind.remedy };
}

/**
 * Refuses a file of another known kind.
 *
 * @throws DataError "data.format"
 */
export function requireKind(bytes: Uint8Array, name: string, use: FileUse): void {
  const misplaced = misplacedFile(bytes, name, use);
  if (misplaced !== undefined)
    throw new DataError("data.format", `${misplaced.message}.`, { hint: misplaced.hint });
}
