import { CheckpointError } from "../../core/errors.js";
import type { Database } from "./database.js";

/** Changes of the tables, in order. Never edit a released one; add a new one instead. */
export const MIGRATIONS: readonly string[] = [
  `CREATE TABLE predictions (
     id TEXT PRIMARY KEY, created TEXT NOT NULL, model TEXT NOT NULL, model_hash TEXT NOT NULL,
     sample TEXT, source TEXT NOT NULL, result TEXT NOT NULL
   ) STRICT;
   CREATE INDEX predictions_by_time ON predictions (created);
   CREATE TABLE corrections (
     prediction TEXT PRIMARY KEY REFERENCES predictions (id) ON DELETE CASCADE,
     created TEXT NOT NULL, label TEXT NOT NULL, note TEXT
   ) STRICT;
   CREATE TABLE jobs (
     id TEXT PRIMARY KEY, key TEXT UNIQUE, fingerprint TEXT NOT NULL, state TEXT NOT NULL,
     created TEXT NOT NULL, started TEXT, finished TEXT, attempts INTEGER NOT NULL DEFAULT 0,
     request TEXT NOT NULL, result TEXT, error TEXT
   ) STRICT;
   CREATE INDEX jobs_by_state ON jobs (state, created);`,
  `CREATE TABLE runs (
     name TEXT PRIMARY KEY, state TEXT NOT NULL, created TEXT NOT NULL, started TEXT, finished TEXT,
     data TEXT NOT NULL, options TEXT NOT NULL, error TEXT
   ) STRICT;`,
  `CREATE TABLE keys (
     id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, hash TEXT NOT NULL UNIQUE, scopes TEXT NOT NULL,
     rate INTEGER, created TEXT NOT NULL
   ) STRICT;
   CREATE TABLE audit (
     id INTEGER PRIMARY KEY AUTOINCREMENT, time TEXT NOT NULL, key TEXT, method TEXT NOT NULL,
     route TEXT NOT NULL, status INTEGER NOT NULL
   ) STRICT;
   CREATE INDEX audit_by_time ON audit (time);`,
  `CREATE TABLE labels (
     collection TEXT NOT NULL, sample TEXT NOT NULL, modality TEXT NOT NULL, person TEXT NOT NULL,
     label TEXT NOT NULL, created TEXT NOT NULL, PRIMARY KEY (collection, sample, modality, person)
   ) STRICT;
   CREATE TABLE flags (
     collection TEXT NOT NULL, sample TEXT NOT NULL, note TEXT NOT NULL, created TEXT NOT NULL,
     PRIMARY KEY (collection, sample)
   ) STRICT;`,
];

/**
 * Updates the tables of a database to this version.
 * @throws CheckpointError "checkpoint.format" for a database of a later version
 */
export function migrate(database: Database, path: string): void {
  const version = Number(database.all("PRAGMA user_version")[0]?.["user_version"] ?? 0);
  if (version > MIGRATIONS.length)
    throw new CheckpointError(
      "checkpoint.format",
      `${path} was written by a later version of euar: its tables have version ${version}, ` +
        `the latest known is ${MIGRATIONS.length}`,
      { hint: "Use that version of euar, or another --store." },
    );
  for (let next = version; next < MIGRATIONS.length; next++)
    database.exec(`BEGIN; ${MIGRATIONS[next] ?? ""}; PRAGMA user_version = ${next + 1}; COMMIT;`);
}
