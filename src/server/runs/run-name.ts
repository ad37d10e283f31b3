import { ConfigError } from "../../core/errors.js";

const NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;

/** Returns true for a valid name of a run: the name of a folder, not a path. */
export function isRunName(name: string): boolean {
  return NAME.test(name);
}

/** @throws ConfigError "config.invalid" */
export function requireRunName(name: string): void {
  if (isRunName(name)) return;
  throw new ConfigError("config.invalid", `${JSON.stringify(name)} cannot be the name of a run`, {
    hint: "Use up to 64 letters, digits, - and _, beginning with a letter or digit.",
  });
}
