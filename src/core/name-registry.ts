import { ConfigError } from "./errors.js";

export interface NameRules {
  /** Kind of the items, for messages, e.g. "corruption". */
  readonly what: string;
  /** True for names of the package that no item may take. */
  readonly isTaken?: (name: string) => boolean;
  /** Minimum number of characters of a name. Default 1. */
  readonly minLength?: 1 | 2;
}

/** Items that users register by name, in the order in which they were registered. */
export class NameRegistry<Item extends { readonly name: string }> {
  private readonly items = new Map<string, Item>();

  /** @param initial items of the package */
  constructor(
    private readonly rules: NameRules,
    initial: readonly Item[] = [],
  ) {
    for (const item of initial) this.items.set(item.name, item);
  }

  /**
   * Adds an item. Adding the same item again has no effect.
   * @throws ConfigError "config.conflict" for a name that is in use, "config.invalid" for one that is not
   * lower case with dashes
   */
  add(item: Item): void {
    const { what, isTaken, minLength = 1 } = this.rules;
    const { name } = item;
    const before = this.items.get(name);
    if (before === item) return;
    if (before !== undefined || isTaken?.(name) === true)
      throw new ConfigError("config.conflict", `there is a ${what} "${name}" already`, {
        hint: "Choose another name.",
      });
    if (!/^[a-z][a-z0-9-]*$/.test(name) || name.length < minLength)
      throw new ConfigError("config.invalid", `"${name}" cannot name a ${what}`, {
        hint:
          `Use ${minLength === 2 ? "two or more " : ""}lower-case letters, digits and dashes, ` +
          "beginning with a letter.",
      });
    this.items.set(name, item);
  }

  get(name: string): Item | undefined {
    return this.items.get(name);
  }

  names(): string[] {
    return [...this.items.keys()];
  }

  all(): readonly Item[] {
    return [...this.items.values()];
  }
}
