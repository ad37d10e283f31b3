import type { Database, Row } from "./database.js";
import { keyOperations } from "./key-operations.js";
import { labelOperations } from "./label-operations.js";
import { statisticsOperations } from "./statistics-operations.js";
import type {
  CorrectionRow,
  JobRow,
  JobState,
  PredictionFilter,
  PredictionRow,
  Retention,
  RunRow,
  StoredPrediction,
} from "./rows.js";

const PREDICTION = `SELECT p.id, p.created, p.model, p.model_hash AS modelHash, p.sample, p.source, p.result,
  c.created AS correctedAt, c.label, c.note
  FROM predictions p LEFT JOIN corrections c ON c.prediction = p.id`;

const JOB = "SELECT * FROM jobs";

/** Operations of a store by name. Each is one part of a transaction. */
export const operations = {
  ...keyOperations,
  ...labelOperations,
  ...statisticsOperations,

  /** Stores predictions. */
  addPredictions(database: Database, rows: readonly PredictionRow[]): null {
    for (const row of rows)
      database.run("INSERT INTO predictions VALUES (?, ?, ?, ?, ?, ?, ?)", [
        row.id,
        row.created,
        row.model,
        row.modelHash,
        row.sample,
        row.source,
        row.result,
      ]);
    return null;
  },

  /** Returns the latest predictions that match the filter, newest first, with their corrections. */
  listPredictions(
    database: Database,
    { limit, before, model, order, uncorrected }: PredictionFilter,
  ): readonly StoredPrediction[] {
    const conditions = [
      ...(before === undefined ? [] : ["p.created || p.id < ?"]),
      ...(model === undefined ? [] : ["p.model = ?"]),
      ...(uncorrected === true ? ["c.prediction IS NULL"] : []),
    ];
    const where = conditions.length === 0 ? "" : ` WHERE ${conditions.join(" AND ")}`;
    const by = order === "uncertain" ? "json_extract(p.result, '$.uncertainty') DESC, " : "";
    const values = [before, model].filter((value) => value !== undefined);
    return database
      .all(`${PREDICTION}${where} ORDER BY ${by}p.created || p.id DESC LIMIT ?`, [...values, limit])
      .map(predictionOf);
  },

  /** Returns a prediction with its correction. Null if there is none. */
  getPrediction(database: Database, id: string): StoredPrediction | null {
    const [row] = database.all(`${PREDICTION} WHERE p.id = ?`, [id]);
    return row ? predictionOf(row) : null;
  },

  /** Deletes a prediction. Returns false if there is none. */
  deletePrediction(database: Database, id: string): boolean {
    return database.run("DELETE FROM predictions WHERE id = ?", [id]) > 0;
  },

  /** Stores a correction. Returns false if there is no such prediction. */
  correct(database: Database, { prediction, created, label, note }: CorrectionRow): boolean {
    if (database.all("SELECT 1 FROM predictions WHERE id = ?", [prediction]).length === 0) return false;
    const values = [prediction, created, label, note];
    database.run("INSERT OR REPLACE INTO corrections VALUES (?, ?, ?, ?)", values);
    return true;
  },

  /** Adds a job, or returns the job that was added with the same idempotency key. */
  addJob(database: Database, job: JobRow): JobRow {
    const [before] = job.key === null ? [] : database.all(`${JOB} WHERE key = ?`, [job.key]);
    if (before) return jobOf(before);
    database.run("INSERT INTO jobs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", [
      ...[job.id, job.key, job.fingerprint, job.state, job.created, job.started, job.finished, job.attempts],
      ...[job.request, job.result, job.error],
    ]);
    return job;
  },

  /** Returns a job. Null if there is none. */
  getJob(database: Database, id: string): JobRow | null {
    const [row] = database.all(`${JOB} WHERE id = ?`, [id]);
    return row ? jobOf(row) : null;
  },

  /** Returns the latest jobs, newest first. */
  listJobs(database: Database, { limit }: { readonly limit: number }): readonly JobRow[] {
    return database.all(`${JOB} ORDER BY created DESC, id LIMIT ?`, [limit]).map(jobOf);
  },

  /** Returns the contents of the jobs that have not ended. */
  openJobs(database: Database): readonly string[] {
    const sql = "SELECT request FROM jobs WHERE state IN ('queued', 'running')";
    return database.all(sql).map((row) => String(row["request"]));
  },

  /** Starts the oldest waiting job. Returns null if there is none. */
  takeJob(database: Database, now: string): JobRow | null {
    const [row] = database.all(`${JOB} WHERE state = 'queued' ORDER BY created, rowid LIMIT 1`);
    if (!row) return null;
    const values = [now, String(row["id"])];
    database.run(
      "UPDATE jobs SET state = 'running', started = ?, attempts = attempts + 1 WHERE id = ?",
      values,
    );
    return operations.getJob(database, String(row["id"]));
  },

  /** Ends a waiting or running job. Does not change a job that has ended. Returns null if there is none. */
  endJob(
    database: Database,
    end: Pick<JobRow, "id" | "state" | "finished" | "result" | "error">,
  ): JobRow | null {
    database.run(
      `UPDATE jobs SET state = ?, finished = ?, result = ?, error = ?
       WHERE id = ? AND state IN ('queued', 'running')`,
      [end.state, end.finished, end.result, end.error, end.id],
    );
    return operations.getJob(database, end.id);
  },

  /** Queues again the jobs that were running when the last server was killed. Returns their number. */
  requeueJobs(database: Database): number {
    return database.run("UPDATE jobs SET state = 'queued', started = NULL WHERE state = 'running'");
  },

  /** Queues again a job that the server stopped at its own end. The start does not count as an attempt. */
  releaseJob(database: Database, id: string): JobRow | null {
    database.run(
      `UPDATE jobs SET state = 'queued', started = NULL, attempts = attempts - 1
       WHERE id = ? AND state = 'running'`,
      [id],
    );
    return operations.getJob(database, id);
  },

  /** Deletes a job that has ended. Returns false if there is none. */
  deleteJob(database: Database, id: string): boolean {
    const ended = "state IN ('done', 'failed', 'cancelled')";
    return database.run(`DELETE FROM jobs WHERE id = ? AND ${ended}`, [id]) > 0;
  },

  /** Adds a run. Returns false if a run of that name exists. */
  addRun(database: Database, run: RunRow): boolean {
    const values = [
      run.name,
      run.state,
      run.created,
      run.started,
      run.finished,
      run.data,
      run.options,
      run.error,
    ];
    return database.run("INSERT OR IGNORE INTO runs VALUES (?, ?, ?, ?, ?, ?, ?, ?)", values) > 0;
  },

  /** Returns a run. Null if there is none. */
  getRun(database: Database, name: string): RunRow | null {
    const [row] = database.all("SELECT * FROM runs WHERE name = ?", [name]);
    return row ? (row as unknown as RunRow) : null;
  },

  /** Returns the stored runs. */
  listRuns(database: Database): readonly RunRow[] {
    return database.all("SELECT * FROM runs ORDER BY created DESC, name") as unknown as readonly RunRow[];
  },

  /** Starts the oldest waiting run. Returns null if there is none. */
  takeRun(database: Database, now: string): RunRow | null {
    const [row] = database.all(
      "SELECT name FROM runs WHERE state = 'queued' ORDER BY created, rowid LIMIT 1",
    );
    if (!row) return null;
    const name = String(row["name"]);
    database.run("UPDATE runs SET state = 'running', started = ?, finished = NULL WHERE name = ?", [
      now,
      name,
    ]);
    return operations.getRun(database, name);
  },

  /** Stores the state of a run. */
  setRun(
    database: Database,
    { name, state, error, finished }: Pick<RunRow, "name" | "state" | "error" | "finished">,
  ): RunRow | null {
    const values = [state, error, state === "queued" ? null : finished, name];
    database.run("UPDATE runs SET state = ?, error = ?, finished = ? WHERE name = ?", values);
    return operations.getRun(database, name);
  },

  /** Stops a waiting run, and no other. Returns the run, or null if there is none. */
  stopQueuedRun(
    database: Database,
    { name, finished }: { readonly name: string; readonly finished: string },
  ): RunRow | null {
    database.run(
      "UPDATE runs SET state = 'stopped', error = NULL, finished = ? WHERE name = ? AND state = 'queued'",
      [finished, name],
    );
    return operations.getRun(database, name);
  },

  /** Queues again the runs that were running when the last server ended. Returns their number. */
  requeueRuns(database: Database): number {
    return database.run("UPDATE runs SET state = 'queued' WHERE state = 'running'");
  },

  /** Deletes expired rows. Returns the number of deleted rows. */
  prune(database: Database, { before, bytes }: Retention): number {
    let deleted = 0;
    if (before !== null) {
      deleted += database.run("DELETE FROM predictions WHERE created < ?", [before]);
      deleted += database.run("DELETE FROM jobs WHERE finished IS NOT NULL AND finished < ?", [before]);
      deleted += database.run("DELETE FROM audit WHERE time < ?", [before]);
    }
    while (bytes !== null && usedBytes(database) > bytes) {
      const oldest = "SELECT id FROM predictions ORDER BY created, id LIMIT 1000";
      const count =
        database.run(`DELETE FROM predictions WHERE id IN (${oldest})`) +
        database.run("DELETE FROM audit WHERE id IN (SELECT id FROM audit ORDER BY id LIMIT 1000)");
      if (count === 0) break;
      deleted += count;
    }
    return deleted;
  },
};

/** Names of the operations, with their inputs and results. */
export type Operations = typeof operations;

function usedBytes(database: Database): number {
  const pragma = (name: string): number => Number(Object.values(database.all(`PRAGMA ${name}`)[0] ?? {})[0]);
  return (pragma("page_count") - pragma("freelist_count")) * pragma("page_size");
}

function predictionOf(row: Row): StoredPrediction {
  const { correctedAt, label, note, ...prediction } = row;
  const correction =
    label === null || label === undefined
      ? null
      : {
          prediction: String(row["id"]),
          created: String(correctedAt),
          label: String(label),
          note: typeof note === "string" ? note : null,
        };
  return { ...(prediction as unknown as PredictionRow), correction };
}

function jobOf(row: Row): JobRow {
  return { ...(row as unknown as JobRow), state: String(row["state"]) as JobState };
}
