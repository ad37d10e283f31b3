import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { EuarError } from "../../core/errors.js";
import { readUpload, type Upload } from "./read-upload.js";

const parent = mkdtempSync(join(tmpdir(), "euar-uploads-"));
afterAll(() => {
  rmSync(parent, { recursive: true });
});

const limits = { uploadBytes: 20_000, jsonBytes: 100 };

function form(parts: Readonly<Record<string, string | File>>): Request {
  const data = new FormData();
  for (const [name, value] of Object.entries(parts)) data.append(name, value);
  return new Request("http://localhost/", { method: "POST", body: data });
}

function read(request: Request): Promise<Upload> {
  return readUpload(request, limits, parent);
}

async function refusal(request: Request): Promise<string> {
  try {
    await read(request);
    return "none";
  } catch (error) {
    if (error instanceof EuarError) return error.code;
    throw error;
  }
}

it("stores files under its own names, and deletes them", async () => {
  const clip = new File(["RIFF"], "../../etc/passwd");
  const upload = await read(
    form({ id: "7", text: "not again", clip, transcript: new File(["1"], "C:\\a.SRT"), "media.rgb": clip }),
  );
  const { files, folder, shown } = upload;
  expect(upload.id).toBe("7");
  expect(files.text).toBe("not again");
  expect(Object.keys(files).sort()).toEqual(["clip", "media", "text", "transcript"]);
  const paths = [files.clip, files.transcript, files.media?.["rgb"]].map(String);
  expect(paths.every((path) => path.startsWith(`${folder}/`) && !path.includes("passwd"))).toBe(true);
  expect(files.transcript).toMatch(/\.srt$/);
  expect(readFileSync(String(files.clip), "utf8")).toBe("RIFF");
  expect(shown).toContainEqual([files.clip, 'clip "passwd"']);
  await upload.remove();
  expect(existsSync(folder)).toBe(false);
});

it.each([
  ["an unknown part", { words: "x" }, "data.format"],
  ["a file as text", { text: new File(["x"], "a.txt") }, "data.format"],
  ["a text as clip", { clip: "/etc/passwd" }, "data.format"],
  ["a text as the file of a modality", { "media.audio": "/etc/passwd" }, "data.format"],
  ["nothing", { id: "1" }, "data.format"],
  ["a long text", { text: "x".repeat(200) }, "server.too-large"],
  ["a large file", { clip: new File(["x".repeat(30_000)], "a.wav") }, "server.too-large"],
  [
    "too many files",
    Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`media.m${i}`, new File(["x"], "a")])),
    "data.format",
  ],
] as const)("refuses %s, and leaves nothing", async (_, parts, code) => {
  expect(await refusal(form(parts))).toBe(code);
  expect(readdirSync(parent)).toEqual([]);
});

it.each([
  ["a body cut short", '--b\r\ncontent-disposition: form-data; name="clip"; filename="a"\r\n\r\nabc', "b"],
  ["another boundary", "--c--", "b"],
  ["no boundary", "--c--", undefined],
])("refuses %s", async (_, body, boundary) => {
  const type = `multipart/form-data${boundary === undefined ? "" : `; boundary=${boundary}`}`;
  const headers = { "content-type": type };
  expect(await refusal(new Request("http://localhost/", { method: "POST", body, headers }))).toBe(
    "data.format",
  );
  expect(readdirSync(parent)).toEqual([]);
});

it("stops reading a body without a stated length at the limit", async () => {
  let sent = 0;
  const head = '--b\r\ncontent-disposition: form-data; name="clip"; filename="a"\r\n\r\n';
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => {
      controller.enqueue(Buffer.from(head));
    },
    pull: (controller) => {
      sent += 1000;
      controller.enqueue(new Uint8Array(1000));
    },
  });
  const init = {
    method: "POST",
    body,
    duplex: "half",
    headers: { "content-type": "multipart/form-data; boundary=b" },
  };
  expect(await refusal(new Request("http://localhost/", init))).toBe("server.too-large");
  expect(sent).toBeLessThan(500_000);
});
