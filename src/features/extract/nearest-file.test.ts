import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { NearestFiles } from "./nearest-file.js";

const folder = mkdtempSync(join(tmpdir(), "euar-nearest-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

it.each([
  ["1.mp4", "0001.wav"],
  ["clip_2.mp4", "Clip-002.mp4"],
  ["12.mp4", undefined],
  ["3.mp4", undefined], // 3.wav and 03.wav are equally near
  ["4.mkv", "04.mkv"], // of several the one with the same ending
])("%s: %s", (missing, found) => {
  for (const name of ["0001.wav", "Clip-002.mp4", "10.wav", "20.wav", "3.wav", "03.wav", "04.mkv", "4.wav"])
    writeFileSync(join(folder, name), "");
  expect(new NearestFiles().find(join(folder, missing))).toBe(found && join(folder, found));
});

it("finds no similar name in a missing folder", () => {
  expect(new NearestFiles().find(join(folder, "absent", "1.mp4"))).toBeUndefined();
});

it("a folder is read once, however many files of it are missing", () => {
  const read: string[] = [];
  const nearest = new NearestFiles((name) => {
    read.push(name);
    return name === "a" ? ["0001.wav", "02.wav"] : [];
  });
  const missing = ["a/1.wav", "a/2.wav", "a/3.wav", "b/1.wav", "b/2.wav"];
  expect(missing.map((path) => nearest.find(path))).toEqual([
    join("a", "0001.wav"),
    join("a", "02.wav"),
    undefined,
    undefined,
    undefined,
  ]);
  expect(read).toEqual(["a", "b"]);
});
