import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { euar, euarInterrupted, jsonOf, withFolder } from "../run-euar.js";

const data = "synthetic:train=60,valid=30,test=30";
const recipe = '{"train":{"epochs":2},"models":{"euar":{"config":{"experts":4,"hidden":8}}}}';
const asked = (out: string, ...more: string[]): string[] => [
  "reproduce",
  "table4",
  "--data",
  data,
  "--seeds",
  "2",
  "--recipe",
  "r.json",
  "--out",
  out,
  ...more,
];

describe("euar reproduce", () => {
  it("gives the same result with 1 and 2 threads, repeats nothing, and report rewrites files", async () => {
    await withFolder((cwd) => {
      writeFileSync(join(cwd, "r.json"), recipe);
      const one = jsonOf(euar(asked("one", "--workers", "1", "--json"), { cwd }));
      const two = jsonOf(euar(asked("two", "--workers", "2", "--json"), { cwd }));
      expect(two).toEqual(one);
      expect(one).toMatchObject({ format: "euar-experiments/2", seeds: [1, 2], failures: [] });
      for (const file of [
        "results.json",
        "report.html",
        "tables.csv",
        "tables.tex",
        "figures.csv",
        "paper.csv",
      ])
        expect(readFileSync(join(cwd, "two", file), "utf8")).toBe(
          readFileSync(join(cwd, "one", file), "utf8"),
        );
      expect(readdirSync(join(cwd, "one", "jobs"))).toHaveLength(12);
      const again = euar(asked("one", "--workers", "1"), { cwd });
      expect(again.stderr).toContain("12 of 12 runs, 12 of them stored before");
      const page = readFileSync(join(cwd, "one", "report.html"), "utf8");
      rmSync(join(cwd, "one", "report.html"));
      expect(euar(["report", "one"], { cwd }).code).toBe(0);
      expect(readFileSync(join(cwd, "one", "report.html"), "utf8")).toBe(page);
    });
  });

  it("keeps finished work when it is interrupted, and says how to continue", async () => {
    await withFolder(async (cwd) => {
      writeFileSync(join(cwd, "r.json"), recipe.replace('"epochs":2', '"epochs":20,"patience":0'));
      const jobs = join(cwd, "out", "jobs");
      const { code, stderr } = await euarInterrupted(
        asked("out", "--workers", "1"),
        () => existsSync(jobs) && readdirSync(jobs).length > 1,
        "SIGINT",
        cwd,
      );
      expect(code).toBe(130);
      expect(stderr).toContain("Run the same command again to continue");
      expect(existsSync(join(cwd, "out", "results.json"))).toBe(false);
      const kept = readdirSync(jobs).length;
      expect(kept).toBeLessThan(12);
      expect(readdirSync(jobs).every((name) => name.endsWith(".json"))).toBe(true);
      expect(euar(asked("out", "--workers", "2"), { cwd }).stderr).toMatch(
        /12 of 12 runs, (\d+) of them stored before/,
      );
    });
  });

  it("sweeps on validation data, into a recipe that reproduce takes", async () => {
    await withFolder((cwd) => {
      writeFileSync(
        join(cwd, "s.json"),
        '{"learningRate":{"log":[0.0001,0.02]},"inputDropout":{"choice":[0,0.2]}}',
      );
      const sweep = [
        "sweep",
        "--data",
        data,
        "--model",
        "linear",
        "--space",
        "s.json",
        "--trials",
        "4",
        "--epochs",
        "4",
        "--halving",
        "2",
        "--out",
        "sw",
        "--json",
      ];
      const result = jsonOf(euar(sweep, { cwd }));
      expect(result).toMatchObject({ format: "euar-sweep/1", model: "linear", metric: "MAE", failures: [] });
      expect(jsonOf(euar([...sweep, "--workers", "1"], { cwd }))).toEqual(result);
      expect(
        euar(
          [
            "reproduce",
            "table4",
            "--data",
            data,
            "--seeds",
            "1",
            "--recipe",
            "sw/best.json",
            "--out",
            "t",
            "--quiet",
          ],
          { cwd, env: {} },
        ).code,
      ).toBe(0);
      expect(
        euar([...sweep.slice(0, -1), "--halving", "1", "--metric", "Accuracy"], { cwd }).stderr,
      ).toContain('no metric "Accuracy"');
    });
  });

  it("makes figures 5 to 7 and that of uncertainties, the same with one thread and with two", async () => {
    await withFolder((cwd) => {
      writeFileSync(join(cwd, "r.json"), recipe);
      const figure = (name: string, out: string, ...more: string[]): string[] => [
        "reproduce",
        name,
        "--data",
        data,
        "--seeds",
        "1",
        "--recipe",
        "r.json",
        "--out",
        out,
        ...more,
      ];
      const one = jsonOf(euar(figure("figure7", "one", "--workers", "1", "--json"), { cwd }));
      expect(jsonOf(euar(figure("figure7", "two", "--workers", "2", "--json"), { cwd }))).toEqual(one);
      expect(one).toMatchObject({ experiments: [], figures: [{ kind: "cases", texts: "none" }] });
      for (const name of ["figure5", "figure6"])
        expect(euar(figure(name, "one", "--quiet"), { cwd }).code).toBe(0);
      const page = readFileSync(join(cwd, "one", "report.html"), "utf8");
      expect(page).toContain("Figure 6: joint features");
      expect(readFileSync(join(cwd, "one", "figures.csv"), "utf8")).toContain(
        'figure6,"EUAR, all modalities"',
      );
      expect(readFileSync(join(cwd, "one", "tables.tex"), "utf8")).toContain("\\label{tab:figure6-1}");
    });
  }, 120_000);

  it("refuses unsupported requests, with a line that gives the reason", async () => {
    await withFolder((cwd) => {
      writeFileSync(join(cwd, "r.json"), '{"models":{"euar":{"config":{"exprets":4}}}}');
      mkdirSync(join(cwd, "old"));
      writeFileSync(join(cwd, "old", "results.json"), '{"format":"euar-experiments/1"}');
      const failures: [string[], number, string][] = [
        [["report", "old"], 3, "euar-experiments/1 of another euar version"],
        [asked("x"), 2, 'no option "exprets"'],
        [["reproduce", "table9", "--data", data], 2, "table9"],
        [["reproduce", "table4", "--data", "nowhere.pkl"], 3, "nowhere.pkl"],
        [["reproduce", "table4", "--data", data, "--recipe", "none.json"], 2, "none.json"],
        [["report", "x"], 3, "x has no results.json"],
      ];
      for (const [args, code, text] of failures) {
        const outcome = euar(args, { cwd });
        expect([outcome.code, outcome.stderr.includes(text)], `${args.join(" ")}: ${outcome.stderr}`).toEqual(
          [code, true],
        );
      }
    });
  });
});
