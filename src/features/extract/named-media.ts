import { ConfigError } from "../../core/errors.js";

/** Names of modalities become file names and keys of results. */
const NAME = /^[A-Za-z][\w-]{0,63}$/;

/** @throws ConfigError "config.invalid" for a name that cannot be a file name or a key of a result */
export function requireName(name: string, flag: string): void {
  if (NAME.test(name) && !(name in Object.prototype)) return;
  throw new ConfigError("config.invalid", `${flag}: "${name}" cannot be the name of a modality`, {
    hint: "A name begins with a letter. It consists of letters, digits, - and _.",
  });
}

/**
 * Parses media of one sample, `NAME=VALUE` separated by commas. A comma is part of the value unless another
 * name follows it.
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
 * @param known names of the earlier parts
 * @throws ConfigError "config.invalid" for a name that cannot be a modality's, or that occurs twice
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
