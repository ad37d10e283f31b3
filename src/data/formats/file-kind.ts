import { DataError } from "../../core/errors.js";
import { binaryKinds } from "./binary-kinds.js";
import { textKind, type TextKindId } from "./text-kinds.js";

/** Bytes from the beginning of a file that recognising it takes. */
export const KIND_BYTES = 4096;

export type FileKindId = (typeof binaryKinds)[number]["id"] | TextKindId;

/** What a file is, by its content. */
export interface FileKind {
  readonly id: FileKindId;
  /** With its article, for messages: "a NumPy archive (.npz)". */
  readonly what: string;
  /** Which command takes it, or how to make of it what a command takes. */
  readonly remedy: string;
}

/**
 * What a file is by its first bytes, whatever its name says. Every reader asks here when it gets something
 * that it does not read, so that a mistaken file is called by its name and the right command is named.
 *
 * Looks at the first {@link KIND_BYTES} bytes, and runs no pattern whose time grows faster than these.
 * @param name for remedies: the path as the user gave it
 * @returns undefined for bytes of no known kind, and for none
 */
export function recogniseFile(bytes: Uint8Array, name: string): FileKind | undefined {
  if (bytes.length === 0) return undefined;
  const head = bytes.subarray(0, KIND_BYTES);
  const ascii = Array.from(head, (byte) => String.fromCharCode(byte)).join("");
  const found = binaryKinds.find(({ matches }) => matches(ascii));
  if (found !== undefined) return { id: found.id, what: found.what, remedy: found.remedy(name) };
  return textKind(head, name);
}

/**
 * What a reader says of a file of another kind than it reads.
 * @param expected kinds that the reader reads itself: these are not misplaced
 * @param wanted for the message, with its article: "a pickle of a data set"
 * @returns undefined where nothing better is known than what the reader says itself
 */
export function misplacedFile(
  bytes: Uint8Array,
  name: string,
  { expected, wanted }: { readonly expected: readonly FileKindId[]; readonly wanted: string },
): { readonly message: string; readonly hint: string } | undefined {
  const kind = recogniseFile(bytes, name);
  if (kind === undefined || expected.includes(kind.id)) return undefined;
  return { message: `${name} is ${kind.what}, where ${wanted} was expected`, hint: kind.remedy };
}

/** As {@link misplacedFile}. @throws DataError "data.format" where the file is of another known kind */
export function requireKind(
  bytes: Uint8Array,
  name: string,
  { expected, wanted }: { readonly expected: readonly FileKindId[]; readonly wanted: string },
): void {
  const misplaced = misplacedFile(bytes, name, { expected, wanted });
  if (misplaced !== undefined)
    throw new DataError("data.format", `${misplaced.message}.`, { hint: misplaced.hint });
}
