import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { euar, root, withFolder } from "../run-euar.js";

interface Block {
  readonly language: string;
  readonly code: string;
}

/**
 * Fenced blocks whose info string ends in "run", in order: they share a folder, as a reader's session would.
 */
function runnableBlocks(page: string): Block[] {
  const text = readFileSync(join(root, page), "utf8");
  return [...text.matchAll(/^```(\w+) run\n([\s\S]*?)^```$/gm)].map(([, language = "", code = ""]) => ({
    language,
    code,
  }));
}

/** The arguments of one command line without shell features. */
function argumentsOf(line: string): string[] {
  return [...line.matchAll(/"([^"]*)"|(\S+)/g)].map((match) => match[1] ?? match[2] ?? "");
}

describe.each([
  { page: "README.md", languages: ["sh", "js"] },
  { page: "docs/own-models.md", languages: ["js"] },
])("$page", ({ page, languages }) => {
  it("has examples whose every line runs as written", async () => {
    const blocks = runnableBlocks(page);
    expect(blocks.map((block) => block.language)).toEqual(expect.arrayContaining(languages));
    await withFolder((folder) => {
      mkdirSync(join(folder, "node_modules"));
      symlinkSync(root, join(folder, "node_modules", "euar"), "dir");
      for (const { language, code } of blocks) {
        if (language === "sh") runShell(code, folder);
        else runScript(code, folder);
      }
    });
  });
});

function runShell(code: string, cwd: string): void {
  for (const line of code.replace(/\\\n\s*/g, " ").split("\n")) {
    if (line.trim() === "" || line.startsWith("#")) continue;
    const [npx, command, ...args] = argumentsOf(line);
    expect([npx, command], line).toEqual(["npx", "euar"]);
    const outcome = euar(args, { cwd });
    expect(outcome.code, `${line}\n${outcome.stderr}`).toBe(0);
    expect(outcome.stdout, line).not.toBe("");
  }
}

function runScript(code: string, cwd: string): void {
  writeFileSync(join(cwd, "example.mjs"), code);
  const { status, stderr } = spawnSync(process.execPath, ["example.mjs"], {
    cwd,
    encoding: "utf8",
    timeout: 300_000,
  });
  expect(status, stderr).toBe(0);
}
