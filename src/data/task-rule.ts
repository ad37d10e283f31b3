import type { OptionRule } from "../core/check-options.js";
import { rules } from "../core/checked-call.js";
import { isRecord } from "../core/is-record.js";

/** Rule of a task: its kind, with the names of its outputs. */
export const task: OptionRule = { expected: "a task of a data set", holds: isTask };

function isTask(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { kind, targets, classes, labels } = value;
  const names = { regression: targets, classification: classes, "multi-label": labels };
  return Object.entries(names).some(([known, list]) => kind === known && rules.texts.holds(list));
}
