import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { encoderFolder } from "../../encoders/encoder-folder.js";
import { openEncoder } from "../../encoders/open-encoder.js";
import { fixtureFolder } from "../../encoders/testing/family-fixture.js";
import { textEncoderSchema } from "../../encoders/text-encoder-config.js";
import { errorOf } from "../../core/testing/error-of.js";
import { expectRejection } from "../testing/expect-rejection.js";
import { addEncoder, type AddOptions } from "./add-encoder.js";
import { listEncoders, removeEncoder } from "./encoder-store.js";

const bert = fixtureFolder("bert");
const options: AddOptions = { revision: "main", pause: () => Promise.resolve() };

let root: string;
let store: string;
let close: () => void = () => undefined;
let requests: IncomingMessage[];

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "euar-encoder-store-"));
  store = join(root, "store");
  requests = [];
  vi.stubEnv("EUAR_ENCODERS", store);
});
afterEach(() => {
  close();
  vi.unstubAllEnvs();
  rmSync(root, { recursive: true, force: true });
});

/**
 * Hub with the files of the small BERT, including ranges.
 * @param spoil answers in the place of the hub if it returns true
 */
async function hub(
  spoil: (file: string, response: ServerResponse, request: IncomingMessage) => boolean = () => false,
): Promise<void> {
  const server = createServer((request, response) => {
    requests.push(request);
    const file = basename(request.url ?? "");
    if (spoil(file, response, request)) return;
    const path = join(bert, file);
    if (file === "tokenizer_config.json" || !existsSync(path)) return void response.writeHead(404).end();
    const bytes = readFileSync(path);
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1] ?? 0);
    response.writeHead(from > 0 ? 206 : 200, { "content-length": bytes.length - from, etag: `"${file}"` });
    response.end(bytes.subarray(from));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  close = () => {
    server.closeAllConnections();
    server.close();
  };
  vi.stubEnv("HF_ENDPOINT", `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
}

describe("the store of encoders", () => {
  it("copies an encoder from a folder, lists it with its identity, and finds it by name", async () => {
    expect(listEncoders()).toEqual([]);
    const { manifest } = await addEncoder(bert, { ...options, name: "small" });
    const [listed, ...others] = listEncoders(true);
    expect(others).toEqual([]);
    expect(listed).toMatchObject({ name: "small", family: "bert", layers: 2, width: 8, problems: [] });
    const opened = openEncoder(encoderFolder("small"), {
      ...textEncoderSchema.parse({}),
      textEncoder: "small",
    });
    expect(manifest.digest).toBe(opened.record.digest);
    expect(Object.keys(manifest.files).sort()).toEqual([
      "config.json",
      "model.safetensors",
      "tokenizer.json",
      "tokenizer_config.json",
    ]);
    expect(readdirSync(store)).toEqual(["small"]);
  });

  it("takes weights in several files", async () => {
    const sharded = join(root, "sharded");
    cpSync(fixtureFolder("roberta"), sharded, { recursive: true });
    cpSync(join(bert, "tokenizer.json"), join(sharded, "tokenizer.json"));
    const parts = readdirSync(sharded).filter((file) => file.startsWith("model-0"));
    expect(parts.length).toBe(2);
    const { manifest } = await addEncoder(sharded, options);
    expect(Object.keys(manifest.files)).toEqual(expect.arrayContaining(parts));
  });

  it("notices files that changed, by size or by sha-256", async () => {
    const { folder } = await addEncoder(bert, options);
    const path = join(folder, "tokenizer.json");
    const text = readFileSync(path, "utf8");
    writeFileSync(path, text.replace("film", "mlif"));
    expect(listEncoders()[0]?.problems).toEqual([]);
    expect(listEncoders(true)[0]?.problems).toEqual([expect.stringMatching(/tokenizer\.json has another/)]);
    writeFileSync(path, `${text} `);
    expect(listEncoders()[0]?.problems).toEqual([expect.stringMatching(/bytes, not/)]);
  });

  it("reports a bad record as a problem, and lists and removes the others", async () => {
    const { folder } = await addEncoder(bert, { ...options, name: "bad" });
    await addEncoder(bert, { ...options, name: "good" });
    writeFileSync(join(folder, "euar-encoder.json"), "{");
    const states = listEncoders().map(({ name, family, problems }) => [name, family, problems]);
    expect(states).toEqual([
      ["bad", "bert", [expect.stringMatching(/euar-encoder\.json is not the record/)]],
      ["good", "bert", []],
    ]);
    removeEncoder("good");
    const refused = Promise.resolve().then(() => removeEncoder("goof"));
    await expectRejection(refused, "config.invalid", /no encoder "goof"/);
    expect(listEncoders().map(({ name }) => name)).toEqual(["bad"]);
  });

  it("removes the added encoder and nothing else", async () => {
    const { name, folder } = await addEncoder(bert, options);
    writeFileSync(join(folder, "notes.txt"), "mine");
    expect(removeEncoder(name)).toBe(folder);
    expect(readdirSync(folder)).toEqual(["notes.txt"]);
    cpSync(bert, join(store, "by-hand"), { recursive: true });
    const refuse = (which: string): Promise<unknown> => Promise.resolve().then(() => removeEncoder(which));
    await expectRejection(refuse("by-hand"), "config.invalid", /not made by/);
    await expectRejection(refuse("none"), "config.invalid", /no encoder "none"/);
    await expectRejection(refuse("../store"), "config.invalid", /no encoder/);
    expect(existsSync(join(store, "by-hand", "model.safetensors"))).toBe(true);
  });

  it("refuses a name that is taken, one that leads elsewhere, and folders without an encoder", async () => {
    await addEncoder(bert, options);
    await expectRejection(addEncoder(bert, options), "config.conflict", /already/);
    await expectRejection(addEncoder(bert, { ...options, name: "../x" }), "config.invalid", /cannot be/);
    await expectRejection(addEncoder(root, { ...options, name: "x" }), "media.not-found", /config\.json/);
    await expectRejection(addEncoder("no-such", options), "media.not-found", /neither a folder/);
    expect(listEncoders().map(({ name }) => name)).toEqual(["bert"]);
  });
});

describe("an encoder from a hub", () => {
  it("is downloaded with progress, and is the same as from a folder", async () => {
    await hub();
    const progress: [string, number][] = [];
    const { name, manifest } = await addEncoder("owner/small", {
      ...options,
      revision: "v1",
      onProgress: (file, share) => progress.push([file, share]),
    });
    expect([name, manifest.source, manifest.revision]).toEqual(["small", "owner/small", "v1"]);
    expect(requests[0]?.url).toBe("/owner/small/resolve/v1/config.json");
    expect(progress.at(-1)).toEqual(["model.safetensors", 1]);
    const local = await addEncoder(bert, { ...options, name: "local" });
    expect(manifest.digest).toBe(local.manifest.digest);
  });

  it("continues an interrupted download, in the next process too", async () => {
    const size = readFileSync(join(bert, "model.safetensors")).length;
    let breaks = true;
    await hub((file, response, request) => {
      if (file !== "model.safetensors" || !breaks) return false;
      if (request.headers.range !== undefined) {
        response.destroy();
        return true;
      }
      response.writeHead(200, { "content-length": size, etag: `"${file}"` });
      const piece = readFileSync(join(bert, file)).subarray(0, 100);
      response.write(piece);
      // closes the connection after the piece is stored
      const watch = setInterval(() => {
        const stored = readdirSync(store).map((folder) => join(store, folder, `${file}.part`));
        if (!stored.some((path) => existsSync(path) && statSync(path).size === piece.length)) return;
        clearInterval(watch);
        response.destroy();
      }, 5);
      return true;
    });
    const error = await errorOf(addEncoder("owner/small", options));
    expect([error.code, error.hint]).toEqual([
      "media.not-found",
      expect.stringMatching(
        /resolve\/main\/FILE .*config\.json, tokenizer\.json.*put them into .*store\/small/,
      ),
    ]);
    expect(listEncoders()).toEqual([]);
    breaks = false;
    requests = [];
    const { manifest } = await addEncoder("owner/small", options);
    expect(requests.map(({ url }) => basename(url ?? ""))).toEqual([
      "tokenizer_config.json",
      "model.safetensors",
    ]);
    expect(requests.at(-1)?.headers.range).toBe("bytes=100-");
    expect(manifest.files["model.safetensors"]?.bytes).toBe(size);
    expect(listEncoders(true)[0]?.problems).toEqual([]);
    expect(readdirSync(join(store, "small")).filter((file) => file.includes(".part"))).toEqual([]);
  });

  it("leaves nothing of a partial file that no longer exists", async () => {
    const file = "tokenizer_config.json";
    let breaks = true;
    await hub((asked, response) => {
      if (asked !== file) return false;
      if (!breaks) {
        response.writeHead(404).end();
        return true;
      }
      response.writeHead(200, { "content-length": 100, etag: '"one"' }).write("{");
      // closes the connection after its etag is stored
      const watch = setInterval(() => {
        if (!readdirSync(store).some((folder) => existsSync(join(store, folder, `${file}.part.etag`))))
          return;
        clearInterval(watch);
        response.destroy();
      }, 5);
      return true;
    });
    await expectRejection(addEncoder("owner/small", options), "media.not-found", /cannot be downloaded/);
    breaks = false;
    await addEncoder("owner/small", options);
    expect(readdirSync(join(store, "small")).filter((name) => name.startsWith(file))).toEqual([]);
  });

  it("names a missing file, and keeps nothing of a folder that is not an encoder", async () => {
    await hub((file, response) => {
      if (file !== "config.json") return false;
      response.end('{"model_type": "gpt"}');
      return true;
    });
    await expectRejection(addEncoder("owner/other", options), "media.unsupported", /gpt/);
    expect(readdirSync(store)).toEqual([]);
    close();
    await hub((file, response) => {
      if (!file.startsWith("model.")) return false;
      response.writeHead(404).end();
      return true;
    });
    await expectRejection(addEncoder("owner/pickled", options), "media.not-found", /no model\.safetensors/);
  });
});
