import { ConfigError } from "../core/errors.js";
import { kebabCase } from "../core/kebab-case.js";
import type { Options } from "../core/nested-options.js";

/**
 * Refuses an option that has no effect with the action of a command.
 * @param command name of the command
 * @param given values of the config file and the flags; the action is `list` without one
 * @param actions actions in which each option has an effect
 * @throws ConfigError "config.conflict"
 */
export function refuseOtherActions(
  command: string,
  given: Options,
  actions: Readonly<Record<string, readonly string[]>>,
): void {
  const action = typeof given["action"] === "string" ? given["action"] : "list";
  for (const [key, own] of Object.entries(actions))
    if (given[key] !== undefined && !own.includes(action))
      throw new ConfigError(
        "config.conflict",
        `euar ${command}: --${kebabCase(key)} has no effect with ${action}`,
        {
          hint: `Leave it out. It belongs to \`euar ${command} ${own.join("` and `")}\`.`,
        },
      );
}
