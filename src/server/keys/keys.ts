import { createHash, randomBytes, randomUUID } from "node:crypto";
import { ConfigError } from "../../core/errors.js";
import type { KeyRow } from "../store/rows.js";
import type { Store } from "../store/store.js";
import { RateLimit } from "./rate-limit.js";
import { type Scope, SCOPES } from "./scopes.js";
import { notFound } from "../not-found.js";

/** Key in a list, without its secret, which the server does not know. */
export interface KeyInfo {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** Requests per minute. Null: no limit. */
  readonly rate: number | null;
  /** ISO 8601. */
  readonly created: string;
}

/** Contents of a new key. */
export type NewKey = Pick<KeyInfo, "name" | "scopes" | "rate">;

/** Key of a request. */
export interface KnownKey {
  readonly info: KeyInfo;
  readonly limit: RateLimit | undefined;
}

const NAME = /^[\w.-]{1,64}$/;
/** Random bytes of a secret. */
const SECRET_BYTES = 32;

/**
 * Keys of a server. The store has only their SHA-256.
 *
 * A slow hash (scrypt) protects passwords, which can be guessed. A key has 256 random bits and cannot be
 * guessed. A slow hash would only let attackers keep the server busy with wrong keys.
 */
export class Keys {
  private readonly byHash = new Map<string, KnownKey>();

  private constructor(private readonly store: Store) {}

  /** Reads the keys of a store. */
  static async load(store: Store): Promise<Keys> {
    const keys = new Keys(store);
    for (const row of await store.ask("listKeys", undefined)) keys.know(row);
    return keys;
  }

  /** Returns the keys, oldest first. */
  list(): readonly KeyInfo[] {
    return [...this.byHash.values()].map(({ info }) => info);
  }

  /** Returns the key with this secret. */
  find(secret: string): KnownKey | undefined {
    return this.byHash.get(hashOf(secret));
  }

  /**
   * Makes a key.
   * @returns the key and its secret, which cannot be read again
   * @throws ConfigError "config.invalid" for an invalid name or an empty list of scopes, "config.conflict" if
   * another key has the name
   */
  async add({ name, scopes, rate }: NewKey): Promise<{ readonly info: KeyInfo; readonly secret: string }> {
    if (!NAME.test(name))
      throw new ConfigError("config.invalid", `${JSON.stringify(name)} is not a valid name for a key`, {
        hint: "Use 1 to 64 letters, digits, dots, - and _.",
      });
    if (scopes.length === 0)
      throw new ConfigError("config.invalid", `the key ${JSON.stringify(name)} has no scope`, {
        hint: `Give one or more of ${SCOPES.join(", ")}.`,
      });
    const secret = `euar_${randomBytes(SECRET_BYTES).toString("base64url")}`;
    const row: KeyRow = {
      id: randomUUID(),
      name,
      hash: hashOf(secret),
      scopes: JSON.stringify(SCOPES.filter((scope) => scopes.includes(scope))),
      rate,
      created: new Date().toISOString(),
    };
    if (!(await this.store.ask("addKey", row)))
      throw new ConfigError("config.conflict", `there is already a key ${JSON.stringify(name)}`, {
        hint: "Choose another name, or remove that key.",
      });
    return { info: this.know(row), secret };
  }

  /**
   * Removes a key. The next request with it is refused.
   * @throws ServerError "server.not-found"
   */
  async remove(name: string): Promise<void> {
    if (!(await this.store.ask("deleteKey", name)))
      throw notFound(
        "key",
        name,
        this.list().map((key) => key.name),
      );
    for (const [hash, { info }] of this.byHash) if (info.name === name) this.byHash.delete(hash);
  }

  private know({ hash, scopes, ...row }: KeyRow): KeyInfo {
    const info: KeyInfo = { ...row, scopes: JSON.parse(scopes) as readonly Scope[] };
    const limit = info.rate === null ? undefined : new RateLimit(info.rate);
    this.byHash.set(hash, { info, limit });
    return info;
  }
}

function hashOf(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}
