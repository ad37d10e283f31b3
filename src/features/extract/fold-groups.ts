import { join } from "node:path";
import { ConfigError } from "../../core/errors.js";
import { statsOf } from "../../data/formats/file-source.js";
import { readTable } from "../../data/formats/read-text.js";
import { LABEL_TABLE } from "./read-clips.js";
import { UNGROUPED } from "./split-rows.js";

/** Value of `--test-group` that makes a data set for every group. */
export const ALL_GROUPS = "all";

/** Names that can be a folder on every system. */
const FOLDER_NAME = /^\w[\w.-]{0,99}$/;

/**
 * Lists the groups of a table of media or a folder of clips, in alphabetical order: the folds of a
 * cross-validation by groups.
 * @throws ConfigError without a column of groups, or for a group that cannot name a folder
 * @throws DataError for a table that cannot be read or lacks the column
 */
export function foldGroups(input: string, groupBy: string | undefined): string[] {
  if (groupBy === undefined || groupBy === UNGROUPED)
    throw new ConfigError("config.conflict", "a test group needs a column of groups", {
      hint: "Name the column with --group-by.",
    });
  const table = readTable(statsOf(input)?.isDirectory() === true ? join(input, LABEL_TABLE) : input);
  const groups = [...new Set(table.column(groupBy))].sort();
  const odd = groups.find((group) => !FOLDER_NAME.test(group));
  if (odd !== undefined)
    throw new ConfigError(
      "config.invalid",
      `the group "${odd}" of the column "${groupBy}" cannot be the name of a folder`,
      { hint: "Use names of letters, digits, dots, dashes and underscores." },
    );
  return groups;
}
