import type { z } from "zod";
import { alone } from "./alone.js";
import { balance } from "./balance.js";
import { certainty } from "./certainty.js";
import { distance } from "./distance.js";
import { kl } from "./kl.js";
import type { ActiveLoss, LossDefinition, SchemaLibrary } from "./loss.js";
import { ordering } from "./ordering.js";
import { ranking } from "./ranking.js";
import { specialisation } from "./specialisation.js";
import { steady } from "./steady.js";
import { task } from "./task.js";
import { uncertainty } from "./uncertainty.js";

/**
 * Losses of EUAR, grouped by the part of the configuration with their options. The task loss comes first. Add
 * a new loss to `losses`.
 */
export const euarLossList = {
  losses: { task, kl, balance, uncertainty, alone },
  "awareness.statistics": { steady },
  awareness: { specialisation, ranking, ordering, distance, certainty },
} as const satisfies Readonly<Record<string, LossGroup>>;

/** Losses by the names of their options. */
type LossGroup = Readonly<Record<string, LossDefinition>>;

type Schemas<Group extends LossGroup> = { [Name in keyof Group]: ReturnType<Group[Name]["schema"]> };

/** Makes the schemas of the losses of a group, by the names of their options. */
export function schemasOf<Group extends LossGroup>(zod: SchemaLibrary, group: Group): Schemas<Group> {
  const entries = Object.entries(group).map(([name, { schema }]): [string, z.ZodType] => [name, schema(zod)]);
  return Object.fromEntries(entries) as Schemas<Group>;
}

/**
 * Returns the losses of a group that are switched on, in the order of the group.
 * @param options valid options of that part of the configuration; null if the part is absent
 */
export function activeLosses(
  group: LossGroup,
  options: Readonly<Record<string, unknown>> | null,
): readonly ActiveLoss[] {
  return options === null
    ? []
    : Object.entries(group).flatMap(([name, { activate }]) => activate(options[name]) ?? []);
}
