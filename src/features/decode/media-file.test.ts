import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import * as ffprobe from "./ffmpeg-probe.js";
import { SampleFiles } from "./media-file.js";

describe("the files of a sample", () => {
  it("are one per path, and are probed once", async () => {
    const folder = mkdtempSync(join(tmpdir(), "euar-file-"));
    const path = join(folder, "clip.mp4");
    writeFileSync(path, "no clip");
    const probe = vi.spyOn(ffprobe, "probeMedia");
    const files = new SampleFiles();
    const file = files.at(path);
    expect(files.at(path)).toBe(file);
    expect(files.at(`${path}2`)).not.toBe(file);
    await expect(file.probe()).rejects.toMatchObject({ code: expect.stringMatching(/^media\./) as string });
    await expect(file.probe()).rejects.toBeInstanceOf(Error);
    expect(probe).toHaveBeenCalledTimes(1);
    probe.mockRestore();
    rmSync(folder, { recursive: true });
  });
});
