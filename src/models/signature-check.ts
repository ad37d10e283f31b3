import { objectOf, rules } from "../core/checked-call.js";
import { task } from "../data/task-rule.js";

/** Checks the signature of a data set, see model.ts. */
export const SIGNATURE = objectOf("a task and modalities", { task, modalities: rules.list });
