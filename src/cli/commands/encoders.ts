import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { z } from "zod";
import { ConfigError } from "../../core/errors.js";
import { encoderStore } from "../../encoders/encoder-folder.js";
import { addEncoder, newEncoderFolder } from "../../features/encoders/add-encoder.js";
import { listEncoders, removeEncoder, type StoredEncoder } from "../../features/encoders/encoder-store.js";
import { exportEncoder } from "../../export/export-encoder.js";
import { textTable } from "../../report/text-table.js";
import { refuseOtherActions } from "../action-options.js";
import { defineCommand } from "../command.js";
import type { CommandContext } from "../context.js";
import { isRunFolder } from "../inspect-run.js";
import { continuable, interruptibleWork } from "../interruptible-work.js";

/** Branch of a hub's model that is read by default. */
const ON_HUB = "main";

const schema = z.strictObject({
  action: z
    .enum(["list", "add", "remove"])
    .default("list")
    .describe("action: list the stored encoders, add one, or remove one"),
  encoder: z
    .string()
    .min(1)
    .optional()
    .describe(
      "with add: folder of an encoder, owner/name of a model on a hub, or run folder with a trained " +
        "encoder; with remove: name of a stored encoder",
    ),
  name: z
    .string()
    .min(1)
    .optional()
    .describe("with add: name to store it under (default: the last part of the folder or of the hub name)"),
  revision: z.string().min(1).default(ON_HUB).describe("with add: branch, tag or commit on the hub"),
  check: z.boolean().default(false).describe("with list: verify the SHA-256 of every file"),
});

type Options = z.infer<typeof schema>;

export const encodersCommand = defineCommand({
  name: "encoders",
  description:
    "Stores pretrained text encoders by name in $EUAR_ENCODERS or ~/.cache/euar-encoders. " +
    "--text-encoder and text/encoder accept such a name instead of a folder. An interrupted download " +
    "resumes. Without a network, add lists the files to get and the folder to put them in.",
  schema,
  positional: { key: "action", label: "action", second: { key: "encoder", label: "encoder" } },
  examples: [
    "euar encoders list --check",
    "euar encoders add sentence-transformers/all-MiniLM-L6-v2",
    "euar encoders add models/mine --name mine",
    "euar encoders add runs/mosi --name mosi-mpnet",
    "euar encoders remove mine",
  ],
  underlay: (given) => {
    refuseOtherActions("encoders", given, ACTIONS);
    return {};
  },
  run: async (options, context) => {
    if (options.action === "list") list(options, context);
    else if (options.encoder === undefined)
      throw new ConfigError("config.invalid", `euar encoders ${options.action}: no encoder is given`, {
        hint:
          options.action === "add"
            ? "Give a folder, owner/name of a model on a hub, or a run folder."
            : "Give a name that `euar encoders list` shows.",
      });
    else if (options.action === "add") await add(options.encoder, options, context);
    else {
      const folder = removeEncoder(options.encoder);
      context.result({ removed: options.encoder, folder }, `removed ${options.encoder} (${folder})`);
    }
  },
});

/** Actions in which each option has an effect. */
const ACTIONS = { encoder: ["add", "remove"], name: ["add"], revision: ["add"], check: ["list"] };

function list({ check }: Options, context: CommandContext): void {
  const encoders = listEncoders(check);
  const store = encoderStore();
  const text =
    encoders.length === 0
      ? `no encoders in ${store}; add one with \`euar encoders add\``
      : textTable({
          caption: `Encoders in ${store}`,
          columns: ["name", "family", "layers", "width", "from", "identity", "state"].map((heading) => ({
            heading,
          })),
          rows: encoders.map(rowOf),
        });
  context.result({ store, encoders }, text);
}

function rowOf({ name, family, layers, width, manifest, problems }: StoredEncoder): string[] {
  const state = problems.length > 0 ? problems.join("; ") : manifest ? "good" : "added by hand";
  const [source, identity] = [manifest?.source ?? "", manifest?.digest.slice(0, 12) ?? ""];
  return [name, family, String(layers), String(width), source, identity, state];
}

async function add(from: string, options: Options, context: CommandContext): Promise<void> {
  const added = isRunFolder(from)
    ? await addFromRun(from, options)
    : await copiedOrDownloaded(from, options, context);
  const { digest } = added.manifest;
  context.result(added, `added ${added.name} in ${added.folder}\nidentity ${digest}`);
}

type Added = Awaited<ReturnType<typeof addEncoder>>;

function copiedOrDownloaded(
  from: string,
  { name, revision }: Options,
  context: CommandContext,
): Promise<Added> {
  const interrupted = continuable("the download");
  const texts = { label: "encoders", stopping: "Stopping. The downloaded part is kept.", interrupted };
  return interruptibleWork(context, texts, (signal, progress) =>
    addEncoder(from, {
      name,
      revision,
      signal,
      onProgress: (file, share) => {
        progress.update(Number.isFinite(share) ? share : 0, file);
      },
    }),
  );
}

/** Adds the trained encoder of a run. */
async function addFromRun(
  run: string,
  { name = basename(resolve(run)), revision }: Pick<Options, "name" | "revision">,
): Promise<Added> {
  if (revision !== ON_HUB)
    throw new ConfigError("config.conflict", "--revision has no effect on a run folder", {
      hint: "Leave it out. Only models on a hub have revisions.",
    });
  newEncoderFolder(name);
  const folder = mkdtempSync(join(tmpdir(), "euar-encoder-"));
  try {
    await exportEncoder(run, folder);
    return await addEncoder(folder, { name, revision, source: resolve(run) });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
