import { shown } from "../core/check-options.js";
import { DataError } from "../core/errors.js";
import { isRecord } from "../core/is-record.js";
import { CLEAN, type CorruptionTruth, type DamagedCopies, type QualityTable } from "./dataset.js";

/**
 * Checks corrupted copies, except their tables: each must belong to a training sample, and have a severity in
 * [0, 1].
 * @param trainSize number of training samples
 * @param names modalities of the data set
 * @throws DataError "data.format", "data.width-mismatch" or "data.invalid-value" naming the copy
 */
export function checkCopyRows(
  { size, rows, damage }: Pick<DamagedCopies, "size" | "rows" | "damage">,
  { trainSize, names }: { readonly trainSize: number; readonly names: readonly string[] },
  place: string,
): void {
  if (!Number.isSafeInteger(size) || size < 0)
    throw new DataError("data.format", `${place}: the size is ${shown(size)}, expected a whole number`);
  if (!(rows instanceof Int32Array) || rows.length !== size)
    throw new DataError("data.width-mismatch", `${place}: ${size} rows of training samples were expected`, {
      hint: "Give an Int32Array with one row of the training split per copy.",
    });
  const stray = rows.findIndex((row) => row < 0 || row >= trainSize);
  if (stray >= 0)
    throw new DataError(
      "data.invalid-value",
      `${place}: copy ${stray} was made of training sample ${String(rows[stray])}, of ${trainSize}`,
      { hint: `Rows count from 0 to ${trainSize - 1}.` },
    );
  for (const name of names) {
    const done: unknown = Object.hasOwn(damage, name) ? damage[name] : undefined;
    checkDamage(done, size, `${place}, modality "${name}"`);
  }
}

function checkDamage(done: unknown, size: number, place: string): asserts done is CorruptionTruth {
  if (
    !isRecord(done) ||
    !(done["severity"] instanceof Float32Array) ||
    !Array.isArray(done["kind"]) ||
    done["severity"].length !== size ||
    done["kind"].length !== size
  )
    throw new DataError("data.width-mismatch", `${place}: ${size} severities and kinds were expected`, {
      hint: 'Give { severity: Float32Array, kind: string[] } with 0 and "clean" where nothing was done.',
    });
  const { severity, kind } = done as unknown as CorruptionTruth;
  for (let copy = 0; copy < size; copy++) {
    const [amount, what]: readonly [unknown, unknown] = [severity[copy], kind[copy]];
    if (!(typeof amount === "number" && amount >= 0 && amount <= 1))
      throw new DataError(
        "data.invalid-value",
        `${place}: the severity of copy ${copy} is ${String(amount)}`,
        {
          hint: "Severities are numbers in [0, 1].",
        },
      );
    if (typeof what !== "string" || what === "" || (what === CLEAN && amount > 0))
      throw new DataError(
        "data.invalid-value",
        `${place}: copy ${copy} of kind ${shown(what)} has the severity ${amount}`,
        { hint: `Name the kind of corruption. "${CLEAN}" has the severity 0.` },
      );
  }
}

/**
 * Checks measured quality: the expected measures, and a finite number for each.
 * @param expected names of the measures; undefined if the data set has none
 * @param size number of samples
 * @throws DataError "data.width-mismatch" or "data.invalid-value"
 */
export function checkQuality(
  quality: QualityTable | undefined,
  expected: readonly string[] | undefined,
  size: number,
  place: string,
): void {
  const names = quality?.names ?? [];
  if (names.length !== (expected?.length ?? 0) || names.some((name, q) => name !== expected?.[q]))
    throw new DataError(
      "data.width-mismatch",
      `${place}: quality measures ${shown(names)}, expected ${shown(expected ?? [])}`,
      { hint: "Every split and the copies need the same measures in the same order." },
    );
  if (quality === undefined) return;
  if (!(quality.values instanceof Float32Array) || quality.values.length !== size * names.length)
    throw new DataError("data.width-mismatch", `${place}: quality needs ${size} x ${names.length} numbers`);
  const bad = quality.values.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0)
    throw new DataError(
      "data.invalid-value",
      `${place}: quality "${names[bad % names.length] ?? ""}" of row ${Math.floor(bad / names.length)} is ` +
        String(quality.values[bad]),
      { hint: "Measures must be finite. Write 0 for samples that lack the modality." },
    );
}
