import { causeText } from "../../core/cause-text.js";
import type { AuditRow } from "../store/rows.js";
import type { Store } from "../store/store.js";

/** Milliseconds until rows are written. */
const DELAY = 250;
/** Largest number of rows that wait. */
const WAITING = 100_000;

/**
 * Log of requests: one row per request with a key, and one per request that was refused for lack of a key.
 * The log does not have the content of requests.
 */
export class AuditLog {
  private rows: AuditRow[] = [];
  private timer: NodeJS.Timeout | undefined;
  private lost = 0;

  constructor(
    private readonly store: Store,
    private readonly log: (line: string) => void,
  ) {}

  /** Adds a row. It is on the disk within a second. */
  add(row: AuditRow): void {
    if (this.rows.length >= WAITING) {
      this.lost += 1;
      return;
    }
    this.rows.push(row);
    this.timer ??= setTimeout(() => void this.flush(), DELAY).unref();
  }

  /** Writes the rows that wait. A failure is written to the server's log. */
  async flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    const { rows, lost } = this;
    this.rows = [];
    this.lost = 0;
    if (lost > 0) this.log(`audit: ${lost} requests were not written, because too many were waiting`);
    if (rows.length === 0) return;
    try {
      await this.store.ask("addAudit", rows);
    } catch (error) {
      this.log(`audit: ${rows.length} requests were not written: ${causeText(error)}`);
    }
  }
}
