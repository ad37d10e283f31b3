import type { Database } from "./database.js";
import type { AuditRow, KeyRow } from "./rows.js";

/** Operations of keys and of the audit log, by name. */
export const keyOperations = {
  /** Adds a key. Returns false if a key of that name exists. */
  addKey(database: Database, { id, name, hash, scopes, rate, created }: KeyRow): boolean {
    const values = [id, name, hash, scopes, rate, created];
    return database.run("INSERT OR IGNORE INTO keys VALUES (?, ?, ?, ?, ?, ?)", values) > 0;
  },

  /** Returns the keys, oldest first. */
  listKeys(database: Database): readonly KeyRow[] {
    return database.all("SELECT * FROM keys ORDER BY created, name") as unknown as readonly KeyRow[];
  },

  /** Deletes a key. Returns false if there is none of that name. */
  deleteKey(database: Database, name: string): boolean {
    return database.run("DELETE FROM keys WHERE name = ?", [name]) > 0;
  },

  /** Adds rows to the audit log. */
  addAudit(database: Database, rows: readonly AuditRow[]): null {
    for (const { time, key, method, route, status } of rows)
      database.run("INSERT INTO audit (time, key, method, route, status) VALUES (?, ?, ?, ?, ?)", [
        ...[time, key, method, route, status],
      ]);
    return null;
  },

  /** Returns the latest rows of the audit log, newest first. `before`: only those with a smaller number. */
  listAudit(
    database: Database,
    { limit, before }: { readonly limit: number; readonly before?: number | undefined },
  ): readonly (AuditRow & { readonly id: number })[] {
    const [where, values] = before === undefined ? ["", []] : ["WHERE id < ?", [before]];
    const sql = `SELECT * FROM audit ${where} ORDER BY id DESC LIMIT ?`;
    return database.all(sql, [...values, limit]) as unknown as readonly (AuditRow & {
      readonly id: number;
    })[];
  },
};
