import { readdirSync, statSync } from "node:fs";
import { extname, join, relative, sep } from "node:path";
import { readSmallFile } from "../../data/files/read-small-file.js";

/** File that the server sends to browsers. */
export interface StudioFile {
  readonly path: string;
  readonly type: string;
  readonly bytes: number;
  /** True if the name changes with the content, so that browsers may cache the file. */
  readonly isImmutable: boolean;
}

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json",
  ".webmanifest": "application/manifest+json",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".ico": "image/x-icon",
  ".woff2": "font/woff2",
  ".wasm": "application/wasm",
  ".onnx": "application/octet-stream",
  ".bin": "application/octet-stream",
  ".txt": "text/plain; charset=utf-8",
};

/** Returns the media type of a file by its ending. Undefined for an ending that pages do not use. */
export function typeOfFile(name: string): string | undefined {
  return TYPES[extname(name).toLowerCase()];
}

/** Name with a content hash in Vite's form: name-AbCd1234.js. */
const HASHED = /-[\w-]{8}\.\w+$/;

/**
 * Files of a built web page. Lists them once and looks requests up in the list, so that no path of a client
 * reaches the file system.
 */
export class StudioFiles {
  private readonly files = new Map<string, StudioFile>();

  /** @param folder folder of the pages; undefined or nonexistent for a server without pages */
  constructor(folder: string | undefined) {
    if (folder === undefined || statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) return;
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      const type = typeOfFile(entry.name);
      if (!entry.isFile() || type === undefined) continue;
      const path = join(entry.parentPath, entry.name);
      const name = `/${relative(folder, path).split(sep).join("/")}`;
      this.files.set(name, {
        path,
        type,
        bytes: statSync(path).size,
        isImmutable: HASHED.test(entry.name),
      });
    }
  }

  /** True if there are no files. */
  get isEmpty(): boolean {
    return this.files.size === 0;
  }

  /** Returns the file of a path; "/" is the page itself. Undefined if there is none. */
  find(path: string): StudioFile | undefined {
    return this.files.get(path === "/" ? "/index.html" : path);
  }
}

/** Largest file that pages load, in bytes. */
const LARGEST = 2 ** 28;

/** Returns the response with a file. */
export function fileAnswer({ path, type, isImmutable }: StudioFile): Response {
  const bytes = readSmallFile(path, { limit: LARGEST });
  return new Response(new Uint8Array(bytes), {
    headers: {
      "content-type": type,
      "cache-control": isImmutable ? "public, max-age=31536000, immutable" : "no-cache",
    },
  });
}
