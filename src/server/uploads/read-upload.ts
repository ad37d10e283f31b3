import { createHash } from "node:crypto";
import { mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, extname, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { Busboy, type BusboyInstance } from "@fastify/busboy";
import { causeText } from "../../core/cause-text.js";
import { DataError, EuarError, ServerError } from "../../core/errors.js";
import { suggestion } from "../../core/nearest.js";
import { transcriptEndings } from "../../features/align/transcript-endings.js";
import type { RawFiles } from "../../features/raw-files.js";

/** Limits of one upload. */
export interface UploadLimits {
  /** Largest number of bytes of all parts together. */
  readonly uploadBytes: number;
  /** Largest number of bytes of a text. */
  readonly jsonBytes: number;
}

/** Multipart body on disk. */
export interface Upload {
  readonly id: string | undefined;
  readonly files: RawFiles;
  /** Names that replace paths in messages. */
  readonly shown: readonly (readonly [path: string, name: string])[];
  /** sha-256 of the parts. */
  readonly digest: string;
  /** Folder of the files. */
  readonly folder: string;
  /** Deletes the files. */
  readonly remove: () => Promise<void>;
}

const FILES = ["clip", "audio", "video", "image", "transcript"] as const;
const KEYS = ["id", "text", ...FILES, "media.NAME"];
/** Largest number of files of one sample. */
const MOST_FILES = 16;
const MOST_TEXTS = 20;

type Part = { readonly name: string; readonly value: string };

/**
 * Writes the files of a multipart body into a new folder as they arrive, and reads no faster than the disk
 * writes. File names are random; only the ending of a transcript comes from the client.
 * @param parent folder for the uploads of this server
 * @throws ServerError "server.too-large", "server.storage-full"
 * @throws DataError "data.format" for a body that is not multipart, or has unknown parts
 */
export async function readUpload(request: Request, limits: UploadLimits, parent = tmpdir()): Promise<Upload> {
  const stated = Number(request.headers.get("content-length") ?? NaN);
  if (stated > limits.uploadBytes) throw tooLarge(limits.uploadBytes);
  const folder = await mkdtemp(join(parent, "euar-upload-"));
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    const parts = await saveParts(request, limits, folder);
    return {
      ...sampleOf(parts.texts, parts.files),
      shown: parts.shown,
      digest: digestOf(parts),
      folder,
      remove,
    };
  } catch (error) {
    await remove();
    throw asUploadError(error);
  }
}

interface Parts {
  readonly texts: Part[];
  readonly files: Part[];
  readonly shown: (readonly [string, string])[];
  /** sha-256 by path. */
  readonly digests: Map<string, string>;
}

async function saveParts(request: Request, limits: UploadLimits, folder: string): Promise<Parts> {
  const parts: Parts = { texts: [], files: [], shown: [], digests: new Map() };
  const { body } = request;
  if (!body) throw malformed("the body is empty");
  const parser = openParser(request, limits);
  const saving: Promise<void>[] = [];
  parser.on("file", (name, stream, filename) => {
    const path = join(folder, `${saving.length}${endingOf(filename)}`);
    // The parser reports a part that ends early by an event. No listener exists yet while the file is being
    // opened.
    stream.on("error", (error) => stream.destroy(error));
    parts.files.push({ name, value: path });
    parts.shown.push([path, shownName(name, filename)]);
    const saved = save(stream, path).then((digest) => {
      parts.digests.set(path, digest);
    });
    saved.catch((error: unknown) => parser.destroy(error instanceof Error ? error : undefined));
    saving.push(saved);
  });
  parser.on("field", (name, value, _nameTruncated, valueTruncated) => {
    if (valueTruncated) parser.destroy(tooLarge(limits.jsonBytes));
    parts.texts.push({ name, value });
  });
  for (const event of ["partsLimit", "filesLimit", "fieldsLimit"] as const)
    parser.on(event, () => {
      parser.destroy(malformed(`more than ${MOST_FILES} files or ${MOST_TEXTS} texts`));
    });
  let bytes = 0;
  await pipeline(
    Readable.fromWeb(body as Parameters<typeof Readable.fromWeb>[0]),
    async function* (chunks: AsyncIterable<Uint8Array>) {
      for await (const chunk of chunks) {
        bytes += chunk.byteLength;
        if (bytes > limits.uploadBytes) throw tooLarge(limits.uploadBytes);
        yield chunk;
      }
    },
    parser,
  );
  await Promise.all(saving);
  return parts;
}

function openParser(request: Request, { jsonBytes }: UploadLimits): BusboyInstance {
  try {
    return new Busboy({
      headers: { "content-type": request.headers.get("content-type") ?? "" },
      limits: { files: MOST_FILES, fields: MOST_TEXTS, fieldSize: jsonBytes, fieldNameSize: 200 },
    });
  } catch (cause) {
    throw new DataError("data.format", `the body is not multipart/form-data: ${causeText(cause)}`, {
      hint: "Send it as a form with files, for example with curl -F clip=@clip.mp4.",
      cause,
    });
  }
}

async function save(stream: AsyncIterable<Uint8Array>, path: string): Promise<string> {
  const hash = createHash("sha256");
  const file = await open(path, "wx", 0o600);
  try {
    for await (const chunk of stream) {
      hash.update(chunk);
      await file.appendFile(chunk);
    }
  } finally {
    await file.close();
  }
  return hash.digest("hex");
}

function digestOf({ texts, files, digests }: Parts): string {
  const contents = files.map(({ name, value }) => [name, extname(value), digests.get(value)]);
  return createHash("sha256")
    .update(JSON.stringify([texts.map(({ name, value }) => [name, value]), contents]))
    .digest("hex");
}

/**
 * Makes a sample from the parts of the form.
 * @throws DataError "data.format" for an unknown or repeated part, or without media
 */
function sampleOf(
  texts: readonly Part[],
  files: readonly Part[],
): { readonly id: string | undefined; readonly files: RawFiles } {
  const found = new Map<string, string>();
  const media: Record<string, string> = {};
  let id: string | undefined;
  const parts = [
    ...texts.map((part) => ({ ...part, isFile: false })),
    ...files.map((part) => ({ ...part, isFile: true })),
  ];
  for (const { name, value, isFile } of parts) {
    if (name === "id" && !isFile) id = value;
    // a text would be used as a path on this machine, and the client would choose it
    else if (isFile && name.startsWith("media.") && name.length > 6) media[name.slice(6)] = value;
    else if (isFile ? (FILES as readonly string[]).includes(name) : name === "text") {
      if (found.has(name)) throw malformed(`${name} is given twice`);
      found.set(name, value);
    } else
      throw new DataError(
        "data.format",
        `upload: a sample has no ${isFile ? "file" : "text"} named ${name}`,
        {
          hint: suggestion(name, KEYS),
        },
      );
  }
  if (found.size === 0 && Object.keys(media).length === 0) throw malformed("there is no medium");
  return { id, files: { ...Object.fromEntries(found), ...(Object.keys(media).length > 0 && { media }) } };
}

function endingOf(filename: string | undefined): string {
  const ending = extname(filename ?? "").toLowerCase();
  return transcriptEndings.some((known) => known.toLowerCase() === ending) ? ending : "";
}

/** Name of a file in messages, without control characters. */
function shownName(part: string, filename: string | undefined): string {
  const name = basename(filename ?? "")
    .replace(/[\p{C}"]/gu, "")
    .slice(0, 100);
  return name === "" ? part : `${part} "${name}"`;
}

function malformed(what: string): DataError {
  return new DataError("data.format", `upload: ${what}`, { hint: `Parts are ${KEYS.join(", ")}.` });
}

function tooLarge(limit: number): ServerError {
  return new ServerError("server.too-large", `the upload has more than ${limit} bytes`, {
    hint: "Send a shorter or smaller file, or start the server with a larger --max-upload.",
  });
}

function asUploadError(error: unknown): unknown {
  if (error instanceof EuarError) return error;
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ENOSPC" || code === "EDQUOT")
    return new ServerError("server.storage-full", "the upload cannot be stored: the disk is full", {
      hint: "Free space in the folder of temporary files.",
      cause: error,
    });
  return new DataError("data.format", `upload: the body ended early or is damaged (${causeText(error)})`, {
    hint: "Send it again.",
    cause: error,
  });
}
