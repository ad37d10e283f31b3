import { objectOf, rules } from "../core/checked-call.js";
import { task } from "../data/task-rule.js";

/** Checks a the signature of a data set, as model.ts has it. */
export const SIGNATURE = objectOf("a task and modalities", { task, modalities: rules.list });
