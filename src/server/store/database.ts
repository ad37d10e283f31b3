import sqlite from "node-sqlite3-wasm";
import { isRecord } from "../../core/is-record.js";

/** Value of a column. */
export type Value = number | string | null;
/** Row by the names of its columns. */
export type Row = Readonly<Record<string, Value>>;

/** SQLite database of one file. All work is synchronous. */
export interface Database {
  /** Runs SQL statements without values. */
  exec(sql: string): void;
  /** Runs one statement, and returns the number of changed rows. */
  run(sql: string, values?: readonly Value[]): number;
  /** Returns the rows of one statement. */
  all(sql: string, values?: readonly Value[]): readonly Row[];
  close(): void;
}

/**
 * Opens a database with the SQLite of Node if Node has one, otherwise with SQLite in WebAssembly.
 * @param path path of the file, which is created if necessary; ":memory:" for a database in memory
 */
export function openDatabase(path: string): Database {
  const database = openNative(path) ?? openWasm(path);
  // SQLite in WebAssembly has no shared memory. It has a write-ahead log if it locks the file for itself.
  database.exec("PRAGMA locking_mode = EXCLUSIVE");
  database.exec("PRAGMA journal_mode = WAL");
  database.exec("PRAGMA synchronous = FULL");
  database.exec("PRAGMA foreign_keys = ON");
  return database;
}

function openWasm(path: string): Database {
  const database = path === ":memory:" ? new sqlite.Database() : new sqlite.Database(path);
  return {
    exec: (sql) => {
      database.exec(sql);
    },
    run: (sql, values = []) => database.run(sql, [...values]).changes,
    all: (sql, values = []) => database.all(sql, [...values]) as Row[],
    close: () => {
      database.close();
    },
  };
}

/** Part of `DatabaseSync` of node:sqlite that is used here. */
interface NativeDatabase {
  exec(sql: string): void;
  prepare(sql: string): {
    run(...values: readonly Value[]): { readonly changes: number | bigint };
    all(...values: readonly Value[]): readonly Row[];
  };
  close(): void;
}

function openNative(path: string): Database | undefined {
  const module: unknown = process.getBuiltinModule("node:sqlite");
  if (!isRecord(module) || typeof module["DatabaseSync"] !== "function") return undefined;
  const { DatabaseSync } = module as { readonly DatabaseSync: new (path: string) => NativeDatabase };
  const database = new DatabaseSync(path);
  return {
    exec: (sql) => {
      database.exec(sql);
    },
    run: (sql, values = []) => Number(database.prepare(sql).run(...values).changes),
    all: (sql, values = []) => database.prepare(sql).all(...values),
    close: () => {
      database.close();
    },
  };
}
