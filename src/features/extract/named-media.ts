import { ConfigError } from "../../core/errors.js";

/** Names become names of files and keys of results. */
const NAME = /^[A-Za-z][\w-]{0,63}$/;

/** @throws ConfigError "config.invalid" for a name that no file and no key of a result should have */
export function requireName(name: string, flag: string): void {
  if (NAME.test(name) && !(name in Object.prototype)) return;
  throw new ConfigError("config.invalid", `${flag}: "${name}" cannot be the name of a modality`, {
    hint: "A name begins with a letter and has letters, digits, - and _ alone.",
  });
}

/**
 * Parses media of one sample, `NAME=VALUE` separated by commas; a comma that no name follows belongs to its
 * value.
 * @throws ConfigError "config.invalid"
 */
export function parseNamedMedia(text: string): Readonly<Record<string, string>> {
  const media = new Map<string, string>();
  for (const part of text.split(/,(?=\s*[A-Za-z][\w-]*=)/)) {
    if (!/=\s*\S/.test(part))
      throw new ConfigError("config.invalid", `--media: "${part}" is not NAME=FILE`, {
        hint: "For example: rgb=a.png,depth=b.png.",
      });
    const [name, value] = namedValue(part, "--media", media);
    media.set(name, value);
  }
  return Object.fromEntries(media);
}

/**
 * Splits `NAME=VALUE` at its first equals sign.
 * @param known names of the parts before
 * @throws ConfigError "config.invalid" for a name that cannot be a modality's, or that comes twice
 */
export function namedValue(
  part: string,
  flag: string,
  known: ReadonlyMap<string, unknown>,
): readonly [name: string, value: string] {
  const equals = part.indexOf("=");
  const name = part.slice(0, Math.max(0, equals)).trim();
  requireName(name, flag);
  if (!known.has(name)) return [name, part.slice(equals + 1).trim()];
  throw new ConfigError("config.invalid", `${flag}: ${name} is given twice`, {
    hint: "Give each modality once.",
  });
}
