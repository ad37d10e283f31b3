import { mkdirSync, mkdtempSync, openAsBlob, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { clipsUnavailable, ffmpeg } from "../../src/features/testing/make-clip.js";
import { Predictor } from "../../src/predict/predictor.js";
import { startedServer, type StartedServer } from "../running-server.js";
import { euar } from "../run-euar.js";

const unavailable = clipsUnavailable();
if (unavailable !== undefined) console.warn(`Skipped: sound cannot be decoded, for ${unavailable}.`);

/** 16-bit PCM, mono, of a tone. */
function wav(frequency: number, seconds: number): Buffer {
  const rate = 8000;
  const samples = Int16Array.from({ length: rate * seconds }, (_, i) =>
    Math.round(8000 * Math.sin((2 * Math.PI * frequency * i) / rate)),
  );
  const head = Buffer.alloc(44);
  head.write("RIFF", 0);
  head.writeUInt32LE(36 + samples.byteLength, 4);
  head.write("WAVEfmt ", 8);
  for (const [at, value] of [
    [16, 16],
    [24, rate],
    [28, 2 * rate],
    [40, samples.byteLength],
  ] as const)
    head.writeUInt32LE(value, at);
  for (const [at, value] of [
    [20, 1],
    [22, 1],
    [32, 2],
    [34, 16],
  ] as const)
    head.writeUInt16LE(value, at);
  head.write("data", 36);
  return Buffer.concat([head, Buffer.from(samples.buffer)]);
}

describe.skipIf(unavailable !== undefined)("euar serve, a model of pictures and sounds", () => {
  let folder = "";
  let server: StartedServer;
  const at = (name: string): string => join(folder, name);

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "euar-serve-test-"));
    mkdirSync(at("files"));
    const rows: string[] = [];
    for (let i = 0; i < 16; i++) {
      const background = { r: 200 * (i % 2), g: 90, b: 10 * i };
      const picture = sharp({ create: { width: 8, height: 8, channels: 3, background } });
      writeFileSync(at(`files/${i}.png`), await picture.png().toBuffer());
      writeFileSync(at(`files/${i}.wav`), wav(300 + 1000 * (i % 2) + 10 * i, 0.25));
      const mode = i < 10 ? "train" : i < 13 ? "valid" : "test";
      rows.push(`s${i},${mode},${i % 2 === 0 ? "low" : "high"},files/${i}.png,files/${i}.wav`);
    }
    writeFileSync(at("scenes.csv"), ["id,split,label,rgb_path,wav", ...rows].join("\n"));
    const media = ["--media", "rgb=image:rgb_path,voice=audio:wav", "--image", "image/pixels:side=2"];
    const adapters = ["--audio", "audio/log-mel:summary=statistics,bands=4"];
    const made = euar(["extract", "scenes.csv", "--out", "data", ...media, ...adapters, "--quiet"], {
      cwd: folder,
    });
    expect(made.code, made.stderr).toBe(0);
    const trained = euar(["train", "--data", "data", "--out", "run", "--epochs", "1", "--quiet"], {
      cwd: folder,
    });
    expect(trained.code, trained.stderr).toBe(0);
    const limits = ["--max-duration", "5", "--max-upload", "1", "--no-store"];
    server = await startedServer(["--model", "run", ...limits], folder);
  });
  afterAll(async () => {
    expect(await server.stop("SIGTERM")).toBe(0);
    rmSync(folder, { recursive: true, force: true });
  });

  const send = async (parts: Readonly<Record<string, string | Blob>>) => {
    const body = new FormData();
    for (const [name, value] of Object.entries(parts)) body.append(name, value);
    const response = await fetch(`${server.url}/v1/predictions`, { method: "POST", body });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };

  it("scores uploads as the library scores the files, and answers /healthz meanwhile", async () => {
    const [image, sound] = [at("files/14.png"), at("files/14.wav")];
    const sent = send({ id: "a", image: await openAsBlob(image), audio: await openAsBlob(sound) });
    const health = await fetch(`${server.url}/healthz`);
    expect(health.status).toBe(200);
    const { status, body } = await sent;
    const model = await Predictor.load(at("run"));
    const { seconds, ...expected } = await model.predictMedia({ image, audio: sound });
    expect(seconds.features).toBeGreaterThan(0);
    await model.close();
    expect(status, JSON.stringify(body)).toBe(200);
    expect(body).toMatchObject({ id: "a", model: "run", ...expected });
  });

  it("doubts a file that cannot be read, by the client's name and not by a path", async () => {
    const image = await openAsBlob(at("files/14.png"));
    const { status, body } = await send({ image, audio: new File(["no sound"], "noise.wav") });
    expect(status).toBe(200);
    expect(body["doubted"]).toContainEqual(expect.objectContaining({ modality: "voice", used: false }));
    expect(body["verdict"]).toContain('audio "noise.wav"');
    expect(JSON.stringify(body)).not.toContain(tmpdir());
  });

  it.each([
    [
      "a long sound",
      () => ({ audio: new File([new Uint8Array(wav(300, 6))], "a.wav") }),
      413,
      "media.too-large",
    ],
    [
      "a large upload",
      () => ({ audio: new File([new Uint8Array(2 ** 21)], "a.wav") }),
      413,
      "server.too-large",
    ],
    ["an unknown modality", () => ({ text: "hello" }), 422, "data.unknown-modality"],
    ["a picture that is none", () => ({ image: new File(["x"], "a.png") }), 415, "media.unsupported"],
  ] as const)("refuses %s", async (_, parts, status, code) => {
    const answer = await send(parts());
    expect([answer.status, answer.body["code"]]).toEqual([status, code]);
  });

  it("scores features of a fixture next to it, and JSON lines as they arrive", async () => {
    const width = 12;
    const body = Array.from({ length: 3 }, (_, id) =>
      JSON.stringify({ id, features: { rgb: Array<number>(width).fill(id) } }),
    ).join("\n");
    const headers = { "content-type": "application/x-ndjson" };
    const response = await fetch(`${server.url}/v1/predictions`, { method: "POST", headers, body });
    const ids = (await response.text())
      .trim()
      .split("\n")
      .map((line) => (JSON.parse(line) as { id: number }).id);
    expect(ids).toEqual([0, 1, 2]);
  });

  it("scores a clip as a job with events and quality, and cancels a job that waits", async () => {
    const picture = ["-f", "lavfi", "-i", "testsrc=size=64x64:rate=10"];
    const sound = ["-f", "lavfi", "-i", "sine=frequency=700:sample_rate=16000"];
    ffmpeg(...picture, ...sound, "-t", "1", "-pix_fmt", "yuv420p", at("clip.mp4"));
    const submit = async () => {
      const body = new FormData();
      body.append("clip", await openAsBlob(at("clip.mp4")), "clip.mp4");
      const response = await fetch(`${server.url}/v1/jobs`, { method: "POST", body });
      expect(response.status).toBe(202);
      return `${server.url}/v1/jobs/${((await response.json()) as { id: string }).id}`;
    };
    const jobOf = async (url: string) => (await (await fetch(url)).json()) as Record<string, unknown>;
    const cancel = async (url: string) => {
      expect((await fetch(url, { method: "DELETE" })).ok).toBe(true);
    };
    const first = await submit();
    // several jobs before the last one: it still waits when it is cancelled, however busy the machine is
    const between = [await submit(), await submit(), await submit(), await submit()];
    const last = await submit();
    await cancel(last);
    for (const url of between) await cancel(url);
    const events = await (await fetch(`${first}/events`)).text();
    expect(events.trimEnd().split("\n").at(-1)).toContain('"state":"done"');
    expect(await jobOf(first)).toMatchObject({
      state: "done",
      result: {
        modalities: {
          voice: { present: true, quality: { score: expect.any(Number) as number } },
          rgb: { present: false },
        },
        verdict: expect.any(String) as string,
      },
    });
    expect(await jobOf(last)).toMatchObject({ state: "cancelled", result: null });
  });

  it("loses no accepted job when it is killed", async () => {
    const store = ["--model", "run", "--store", "jobs-store"];
    const killed = await startedServer(store, folder);
    const ids: string[] = [];
    for (let i = 0; i < 5; i++) {
      const body = new FormData();
      body.append("audio", await openAsBlob(at("files/3.wav")));
      const response = await fetch(`${killed.url}/v1/jobs`, { method: "POST", body });
      expect(response.status).toBe(202);
      ids.push(((await response.json()) as { id: string }).id);
    }
    expect(await killed.stop("SIGKILL")).toBeNull();
    const next = await startedServer(store, folder);
    for (const id of ids) {
      const events = await (await fetch(`${next.url}/v1/jobs/${id}/events`)).text();
      expect(events).toContain('"state":"done"');
    }
    const { predictions } = (await (await fetch(`${next.url}/v1/predictions`)).json()) as { predictions: [] };
    expect(predictions.length).toBeGreaterThanOrEqual(5);
    expect(await next.stop("SIGTERM")).toBe(0);
  });
});
