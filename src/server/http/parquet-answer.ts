import { ByteWriter, type ColumnSource, ParquetWriter, schemaFromColumnData } from "hyparquet-writer";
import type { Page } from "./lines-answer.js";

/** Column of a Parquet file, with the way to get its value from a row. */
export interface ParquetColumn<Row> {
  readonly name: string;
  readonly type: "STRING" | "DOUBLE";
  /** Returns the value of a row. Null if it has none. */
  readonly valueOf: (row: Row) => string | number | null;
}

/**
 * Returns an answer with a Parquet file, compressed with Snappy. Reads the next page when the client has
 * taken the one before. Each page is a group of rows.
 */
export function parquetAnswer<Row, Place>(
  columns: readonly ParquetColumn<Row>[],
  read: (from: Place | undefined) => Promise<Page<Row, Place>>,
): Response {
  const sources = (rows: readonly Row[]): ColumnSource[] =>
    columns.map(({ name, type, valueOf }) => ({ name, type, nullable: true, data: rows.map(valueOf) }));
  const writer = new ByteWriter();
  const schema = schemaFromColumnData({ columnData: sources([]) });
  const file = new ParquetWriter({ writer, schema, createdBy: "euar" });
  let from: Place | undefined;
  const body = new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      const { lines, next } = await read(from);
      if (lines.length > 0) await file.write({ columnData: sources(lines) });
      if (next === undefined) await file.finish();
      else from = next;
      if (writer.index > 0) controller.enqueue(writer.getBytes().slice());
      writer.index = 0; // the next bytes overwrite those that were sent
      if (next === undefined) controller.close();
    },
  });
  return new Response(body, {
    headers: {
      "content-type": "application/vnd.apache.parquet",
      "content-disposition": 'attachment; filename="predictions.parquet"',
      "cache-control": "no-store",
    },
  });
}
