import { causeText } from "../../core/cause-text.js";
import { EuarError, ServerError } from "../../core/errors.js";
import { type PlainError, plainError } from "../../features/worker-thread.js";
import type { Database } from "./database.js";
import { type Operations, operations } from "./operations.js";

/** Operation with its input, as a message between threads. */
export interface StoreCall {
  readonly name: keyof Operations;
  readonly input: unknown;
}

/** Result of one operation. */
export type StoreReply =
  | { readonly kind: "value"; readonly value: unknown }
  | { readonly kind: "error"; readonly error: PlainError };

/**
 * Runs operations in one transaction: either all of them reach the disk, or none. If a single operation
 * fails, only this operation is undone.
 */
export function runCalls(database: Database, calls: readonly StoreCall[]): readonly StoreReply[] {
  try {
    database.exec("BEGIN IMMEDIATE");
    const replies = calls.map((call) => runCall(database, call));
    database.exec("COMMIT");
    return replies;
  } catch (cause) {
    try {
      database.exec("ROLLBACK");
    } catch {
      // SQLite has already rolled back, as it does on a full disk
    }
    const error = plainError(storeError(cause));
    return calls.map(() => ({ kind: "error", error }));
  }
}

/** @throws the error of SQLite if the disk is full. The whole transaction is then undone. */
function runCall(database: Database, { name, input }: StoreCall): StoreReply {
  database.exec("SAVEPOINT call");
  try {
    const value: unknown = operations[name](database, input as never);
    database.exec("RELEASE call");
    return { kind: "value", value };
  } catch (cause) {
    if (isFull(cause)) throw cause;
    database.exec("ROLLBACK TO call");
    database.exec("RELEASE call");
    return { kind: "error", error: plainError(storeError(cause)) };
  }
}

function isFull(cause: unknown): boolean {
  return /disk is full|ENOSPC|EDQUOT|disk I\/O error/i.test(causeText(cause));
}

function storeError(cause: unknown): EuarError {
  if (cause instanceof EuarError) return cause;
  if (isFull(cause))
    return new ServerError("server.storage-full", `the store cannot be written: ${causeText(cause)}`, {
      hint: "Free space on the disk of --store, or shorten --keep-days. Stored data are not lost.",
      cause,
    });
  return new EuarError("internal", `the store failed: ${causeText(cause)}`, { cause });
}
