import type { Database } from "./database.js";
import type { FlagRow, LabelRow } from "./rows.js";

const SAME_LABEL = "collection = ? AND sample = ? AND modality = ? AND person = ?";

/** Operations of people's labels and flags, by name. */
export const labelOperations = {
  /** Stores the label of a person. Replaces the person's earlier label of the same sample and modality. */
  putLabel(database: Database, { collection, sample, modality, person, label, created }: LabelRow): null {
    const values = [collection, sample, modality, person, label, created];
    database.run("INSERT OR REPLACE INTO labels VALUES (?, ?, ?, ?, ?, ?)", values);
    return null;
  },

  /** Deletes a label. Returns false if there is none. */
  deleteLabel(
    database: Database,
    { collection, sample, modality, person }: Omit<LabelRow, "label" | "created">,
  ): boolean {
    const values = [collection, sample, modality, person];
    return database.run(`DELETE FROM labels WHERE ${SAME_LABEL}`, values) > 0;
  },

  /** Returns the labels of a collection, by sample, modality and person. */
  listLabels(database: Database, collection: string): readonly LabelRow[] {
    return database.all("SELECT * FROM labels WHERE collection = ? ORDER BY sample, modality, person", [
      collection,
    ]) as unknown as readonly LabelRow[];
  },

  /** Flags a sample. Replaces an earlier flag. */
  putFlag(database: Database, { collection, sample, note, created }: FlagRow): null {
    const values = [collection, sample, note, created];
    database.run("INSERT OR REPLACE INTO flags VALUES (?, ?, ?, ?)", values);
    return null;
  },

  /** Removes a flag. Returns false if there is none. */
  deleteFlag(database: Database, { collection, sample }: Pick<FlagRow, "collection" | "sample">): boolean {
    return database.run("DELETE FROM flags WHERE collection = ? AND sample = ?", [collection, sample]) > 0;
  },

  /** Returns the flags of a collection, by sample. */
  listFlags(database: Database, collection: string): readonly FlagRow[] {
    return database.all("SELECT * FROM flags WHERE collection = ? ORDER BY sample", [
      collection,
    ]) as unknown as readonly FlagRow[];
  },
};
