/**
 * Colours of pages and pictures, in light and dark. Contrast to the page is at least 3:1 for lines and marks,
 * and 4.5:1 for text.
 */
export const palette = {
  page: { light: "#ffffff", dark: "#14171a" },
  /** Background of cards. */
  wash: { light: "#f4f6f8", dark: "#1d2226" },
  ink: { light: "#1c2024", dark: "#e6e9ec" },
  soft: { light: "#5b6570", dark: "#a3adb8" },
  line: { light: "#d9dee3", dark: "#343b42" },
  blue: { light: "#0067a5", dark: "#62b5f0" },
  orange: { light: "#c2410c", dark: "#f59e5b" },
  green: { light: "#00775a", dark: "#4bd0a4" },
  purple: { light: "#7b3fa0", dark: "#c99be8" },
  red: { light: "#b3261e", dark: "#ff8f86" },
  teal: { light: "#00707a", dark: "#5fd0d9" },
  brown: { light: "#7a5230", dark: "#d2a679" },
  pink: { light: "#a8326b", dark: "#f48fb8" },
} as const satisfies Readonly<Record<string, { readonly light: string; readonly dark: string }>>;

export type ColourName = keyof typeof palette;

/** Returns the name of a colour for charts, so that it adapts to light and dark. */
export function colour(name: ColourName): string {
  return `var(--${name})`;
}

/** Returns the colours as declarations of a style sheet. */
export function declarations(scheme: "light" | "dark"): string {
  return Object.entries(palette)
    .map(([name, shades]) => `--${name}: ${shades[scheme]};`)
    .join(" ");
}

const SERIES: readonly ColourName[] = ["blue", "orange", "green", "purple", "red", "teal", "brown", "pink"];

/** Returns the style of the n-th line: eight colours, then the same with dashes, then with dots. */
export function seriesLook(index: number): { readonly colour: string; readonly dashes: string | undefined } {
  return {
    colour: colour(SERIES[index % SERIES.length] ?? "ink"),
    dashes: [undefined, "6,4", "2,3"][Math.floor(index / SERIES.length) % 3],
  };
}
