import type { Database, Row } from "./database.js";

/** Selection of the predictions to count. */
export interface StatisticsFilter {
  readonly model?: string | undefined;
  /** Only predictions after this time. ISO 8601. */
  readonly after: string;
}

/** Predictions of one hour. */
export interface HourRow {
  /** Start of the hour, such as 2026-01-31T14. */
  readonly hour: string;
  readonly predictions: number;
  /** Number of predictions with a doubted input. */
  readonly doubted: number;
  /** Mean uncertainty; null if the model states none. */
  readonly uncertainty: number | null;
}

/** Predictions whose input was doubted, by modality. */
export interface DoubtRow {
  readonly hour: string;
  readonly modality: string;
  readonly doubted: number;
}

/** Number of inputs by the rank of their uncertainty among the validation samples. */
export interface RankRow {
  readonly modality: string;
  /** Tenth of the validation samples, from 0. */
  readonly tenth: number;
  readonly inputs: number;
}

/** Statistics of the stored predictions. Modalities are in alphabetical order, hours ascending. */
export interface StoreStatistics {
  readonly hours: readonly HourRow[];
  readonly doubts: readonly DoubtRow[];
  readonly ranks: readonly RankRow[];
  readonly corrections: number;
}

/** Operations of a store that count predictions. */
export const statisticsOperations = {
  /** Counts the predictions of each hour, their doubts, and the ranks of their uncertainties. */
  countPredictions(database: Database, { model, after }: StatisticsFilter): StoreStatistics {
    const where = `WHERE p.created > ?${model === undefined ? "" : " AND p.model = ?"}`;
    const values = model === undefined ? [after] : [after, model];
    const rows = (sql: string): readonly Row[] => database.all(sql, values);
    const [corrections] = rows(
      `SELECT COUNT(*) AS count FROM predictions p JOIN corrections c ON c.prediction = p.id ${where}`,
    );
    return {
      hours: rows(
        `SELECT substr(p.created, 1, 13) AS hour, COUNT(*) AS predictions,
           SUM(json_array_length(p.result, '$.doubted') > 0) AS doubted,
           AVG(json_extract(p.result, '$.uncertainty')) AS uncertainty
         FROM predictions p ${where} GROUP BY hour ORDER BY hour`,
      ) as unknown as readonly HourRow[],
      doubts: rows(
        `SELECT substr(p.created, 1, 13) AS hour, json_extract(d.value, '$.modality') AS modality,
           COUNT(*) AS doubted
         FROM predictions p, json_each(p.result, '$.doubted') d ${where}
         GROUP BY hour, modality ORDER BY hour, modality`,
      ) as unknown as readonly DoubtRow[],
      ranks: rows(
        `SELECT m.key AS modality,
           MIN(9, CAST(json_extract(m.value, '$.percentile') * 10 AS INTEGER)) AS tenth, COUNT(*) AS inputs
         FROM predictions p, json_each(p.result, '$.modalities') m
         ${where} AND json_extract(m.value, '$.percentile') IS NOT NULL
         GROUP BY modality, tenth ORDER BY modality, tenth`,
      ) as unknown as readonly RankRow[],
      corrections: Number(corrections?.["count"] ?? 0),
    };
  },
};
