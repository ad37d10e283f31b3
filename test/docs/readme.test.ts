import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { euar, root, withFolder } from "../run-euar.js";

interface Block {
  readonly language: string;
  /** File that a script is saved as, for the blocks after it. */
  readonly file: string;
  readonly code: string;
}

/**
 * Fenced blocks whose info string says "run", in order: they share a folder, as a reader's session would.
 */
function runnableBlocks(page: string): Block[] {
  const text = readFileSync(join(root, page), "utf8");
  return [...text.matchAll(/^```(\w+) run(?: file=(\S+))?\n([\s\S]*?)^```$/gm)].map(
    ([, language = "", file = "example.mjs", code = ""]) => ({ language, file, code }),
  );
}

/** The arguments of one command line without shell features. */
function argumentsOf(line: string): string[] {
  return [...line.matchAll(/"([^"]*)"|(\S+)/g)].map((match) => match[1] ?? match[2] ?? "");
}

/** Variables that are set before a command, `NAME="value" npx ...`, and the rest of the line. */
function withVariables(line: string): { readonly env: Record<string, string>; readonly command: string } {
  const set = /^([A-Z_]+)="([^"]*)" (.*)$/.exec(line);
  if (!set) return { env: {}, command: line };
  const [, name = "", value = "", command = ""] = set;
  return { env: { [name]: value }, command };
}

describe.each([
  { page: "README.md", languages: ["sh", "js"] },
  { page: "docs/own-models.md", languages: ["js"] },
  { page: "docs/extending.md", languages: ["sh", "js"] },
])("$page", ({ page, languages }) => {
  it("has examples whose every line runs as written", async () => {
    const blocks = runnableBlocks(page);
    expect(blocks.map((block) => block.language)).toEqual(expect.arrayContaining(languages));
    await withFolder((folder) => {
      mkdirSync(join(folder, "node_modules"));
      symlinkSync(root, join(folder, "node_modules", "euar"), "dir");
      symlinkSync(join(root, "node_modules", "zod"), join(folder, "node_modules", "zod"), "dir");
      for (const { language, file, code } of blocks) {
        if (language === "sh") runShell(code, folder);
        else runScript(file, code, folder);
      }
    });
  });
});

function runShell(code: string, cwd: string): void {
  for (const line of code.replace(/\\\n\s*/g, " ").split("\n")) {
    if (line.trim() === "" || line.startsWith("#")) continue;
    const { env, command } = withVariables(line);
    const [npx, name, ...args] = argumentsOf(command);
    expect([npx, name], line).toEqual(["npx", "euar"]);
    const outcome = euar(args, { cwd, env });
    expect(outcome.code, `${line}\n${outcome.stderr}`).toBe(0);
    expect(outcome.stdout, line).not.toBe("");
  }
}

function runScript(file: string, code: string, cwd: string): void {
  writeFileSync(join(cwd, file), code);
  const { status, stderr } = spawnSync(process.execPath, [file], {
    cwd,
    encoding: "utf8",
    timeout: 300_000,
  });
  expect(status, stderr).toBe(0);
}
