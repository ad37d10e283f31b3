import type { LegendEntry, Table } from "../html.js";

export interface Chart {
  readonly svg: string;
  readonly caption: string;
  readonly alt: string;
  readonly legend?: readonly LegendEntry[];
}

/** Point in the form of figures.csv. */
export interface PlainPoint {
  readonly panel: string;
  readonly series: string;
  readonly x: number | string;
  readonly y: number | null;
  readonly low?: number | null;
  readonly high?: number | null;
  readonly samples?: number | null;
}

/** Chart with the tables of its numbers, and its points for figures.csv. The chart may be absent. */
export interface FigurePart {
  readonly heading?: string;
  readonly chart?: Chart;
  readonly tables: readonly Table[];
  readonly points: readonly PlainPoint[];
}
