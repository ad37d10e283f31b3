import { fileURLToPath } from "node:url";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig, type Plugin } from "vite";
import description from "../package.json" with { type: "json" };
import { declarations } from "../src/report/palette.ts";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

const PALETTE = "virtual:palette.css";

/** Gives the studio the colours of the reports, as custom properties of CSS. */
function palette(): Plugin {
  const dark = declarations("dark");
  return {
    name: "palette",
    resolveId: (id) => (id === PALETTE ? `\0${PALETTE}` : undefined),
    load: (id) =>
      id === `\0${PALETTE}`
        ? `:root { color-scheme: light; ${declarations("light")} }
@media (prefers-color-scheme: dark) { :root:not([data-theme="light"]) { color-scheme: dark; ${dark} } }
:root[data-theme="dark"] { color-scheme: dark; ${dark} }`
        : undefined,
  };
}

const packages = Object.keys(description.peerDependencies).map((name) => `/node_modules/${name}/`);

interface Chunk {
  readonly facadeModuleId: string | null;
  readonly moduleIds: readonly string[];
}

/**
 * Marks the files of the adapters and of their packages, so that the size of the page is known without
 * them.
 */
function chunkFileNames({ facadeModuleId, moduleIds }: Chunk): string {
  const isAdapter =
    /\/src\/features\/(?:text|audio|face|image)\//u.test(facadeModuleId ?? "") ||
    moduleIds.some((id) => packages.some((folder) => id.includes(folder)));
  return `assets/${isAdapter ? "adapter-" : ""}[name]-[hash].js`;
}

/** Modules behind imports that only Node reaches. */
const external = [/^node:/, "sharp"];

export default defineConfig({
  root: here("."),
  base: "./",
  plugins: [svelte(), palette()],
  resolve: {
    alias: [
      { find: /^euar\/(.+)$/, replacement: here("../src/$1.ts") },
      { find: "linkedom", replacement: here("src/charts/page-document.ts") },
    ],
  },
  worker: { format: "es", rolldownOptions: { external, output: { chunkFileNames } } },
  build: {
    outDir: here("../dist/studio"),
    emptyOutDir: true,
    target: "es2022",
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0, // a strict security policy forbids data: addresses
    chunkSizeWarningLimit: 2000,
    rolldownOptions: { external, output: { chunkFileNames } },
  },
});
