import { existsSync } from "node:fs";
import { z } from "zod";
import { ConfigError, EuarError } from "../../core/errors.js";
import { textTable } from "../../report/text-table.js";
import type { Keys } from "../../server/keys/keys.js";
import { SCOPES } from "../../server/keys/scopes.js";
import { refuseOtherActions } from "../action-options.js";
import { defineCommand } from "../command.js";
import type { CommandContext } from "../context.js";

const schema = z.strictObject({
  action: z
    .enum(["list", "add", "remove"])
    .default("list")
    .describe("action: list the keys, make one, or remove one"),
  name: z.string().min(1).optional().describe("with add and remove: name of the key"),
  scopes: z
    .array(z.enum(SCOPES))
    .min(1)
    .default(["predict"])
    .describe("with add: permissions of the key; train includes read, admin includes everything"),
  rate: z
    .int()
    .min(1)
    .max(1_000_000)
    .optional()
    .describe("with add: largest number of requests per minute (default: no limit)"),
  store: z.string().min(1).default("euar-store").describe("folder of the server's store"),
});

type Options = z.infer<typeof schema>;

export const keysCommand = defineCommand({
  name: "keys",
  description:
    "Makes keys for a server that other machines reach (docs/serve.md). A key is shown once; the store has " +
    "only its SHA-256. While a server uses the store, make keys with its route /v1/keys.",
  schema,
  positional: { key: "action", label: "action", second: { key: "name", label: "name" } },
  examples: [
    "euar keys add support --scopes predict --rate 600",
    "euar keys list --store euar-store",
    "euar keys remove support",
  ],
  underlay: (given) => {
    refuseOtherActions("keys", given, { name: ["add", "remove"], scopes: ["add"], rate: ["add"] });
    return {};
  },
  run: async (options, context) => {
    const { action, store, name } = options;
    if (action === "list" && !existsSync(store)) showKeys([], store, context);
    else if (action !== "list" && name === undefined)
      throw new ConfigError("config.invalid", `euar keys ${action}: no name is given`, {
        hint: `For example: euar keys ${action} support.`,
      });
    else await withKeys(store, (keys) => act(keys, options, context));
  },
});

async function act(keys: Keys, options: Options, context: CommandContext): Promise<void> {
  const { action, name = "", scopes, rate = null, store } = options;
  if (action === "add") {
    const { info, secret } = await keys.add({ name, scopes, rate });
    const text = `${secret}\nkey of "${name}"; it is not shown again`;
    context.result({ ...info, secret }, text);
  } else if (action === "remove") {
    await keys.remove(name);
    context.result({ removed: name }, `removed ${name}`);
  } else showKeys(keys.list(), store, context);
}

function showKeys(keys: ReturnType<Keys["list"]>, store: string, context: CommandContext): void {
  const text =
    keys.length === 0
      ? `no keys in ${store}; make one with \`euar keys add\``
      : textTable({
          caption: `Keys in ${store}`,
          columns: ["name", "scopes", "requests per minute", "created"].map((heading) => ({ heading })),
          rows: keys.map(({ name, scopes, rate, created }) => [
            ...[name, scopes.join(", "), rate === null ? "any" : String(rate), created],
          ]),
        });
  context.result({ store, keys }, text);
}

/** Opens the store for one action. */
async function withKeys(folder: string, work: (keys: Keys) => Promise<void>): Promise<void> {
  const [{ Store }, { Keys }] = await Promise.all([
    import("../../server/store/store.js"),
    import("../../server/keys/keys.js"),
  ]);
  const store = await Store.open(folder).catch((error: unknown) => {
    if (!(error instanceof EuarError) || error.code !== "config.conflict") throw error;
    throw new ConfigError("config.conflict", error.message, {
      hint: "A server uses this store. Make keys with its route /v1/keys, or end it first.",
      cause: error,
    });
  });
  try {
    await work(await Keys.load(store));
  } finally {
    await store.close();
  }
}
