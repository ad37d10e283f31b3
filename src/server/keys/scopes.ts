/** Scopes of keys. "train" may also read; "admin" may do everything. */
export const SCOPES = ["predict", "read", "train", "admin"] as const;
/** Scope of a key. */
export type Scope = (typeof SCOPES)[number];

/** Paths that need no key: those for process supervisors, and the page for signing in. */
const OPEN = new Set(["/healthz", "/readyz", "/sign-in"]);

interface Rule {
  readonly methods: RegExp;
  readonly path: RegExp;
  /** Scopes of which a key needs one. */
  readonly scopes: readonly Scope[];
}

const READERS = ["read", "train"] as const;

/** Rules in order; the first one that matches decides. A route that none names needs "admin". */
const RULES: readonly Rule[] = [
  { methods: /./, path: /^\/v1\/(keys|audit|exports\/audit)\b/, scopes: [] },
  { methods: /^POST$/, path: /^\/v1\/(predictions|jobs)$/, scopes: ["predict"] },
  { methods: /^PUT$/, path: /^\/v1\/predictions\/[^/]+\/correction$/, scopes: ["predict"] },
  { methods: /^DELETE$/, path: /^\/v1\/jobs\/[^/]+$/, scopes: ["predict"] },
  { methods: /^(PUT|DELETE)$/, path: /^\/v1\/(labels|flags)\/[^/]+$/, scopes: ["predict"] },
  { methods: /^GET$/, path: /^\/v1\/(models|jobs\/[^/]+(\/events)?)$/, scopes: ["predict", ...READERS] },
  { methods: /^POST$/, path: /^\/v1\/(runs|experiments)\b/, scopes: ["train"] },
  { methods: /^(GET|HEAD)$/, path: /^\/(v1\/|metrics$|openapi\.json$|api$)/, scopes: READERS },
];

const DATA = /^\/(v1(\/|$)|metrics$|openapi\.json$|api$)/;

/**
 * Returns the scopes of which a request needs one. "admin" may do everything.
 * @returns undefined for a request that needs no key: a health check, or a file of the pages, which contain
 * no data
 */
export function neededScopes(method: string, path: string): readonly Scope[] | undefined {
  const isFile = (method === "GET" || method === "HEAD") && !DATA.test(path);
  if (isFile || OPEN.has(path)) return undefined;
  const rule = RULES.find(({ methods, path: paths }) => methods.test(method) && paths.test(path));
  return ["admin", ...(rule?.scopes ?? [])];
}
