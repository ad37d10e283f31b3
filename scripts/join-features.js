// Adds features that were made elsewhere to a data set of `euar extract`, as another modality:
// node scripts/join-features.js DATASET NAME FEATURES.npy TABLE.tsv
// FEATURES.npy is a float32 array (N, D). Row n belongs to the id in the first column of row n of TABLE.tsv,
// below its head. Corrupted copies get the features of their samples.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const [folder, name, features, table] = process.argv.slice(2);
if (table === undefined) throw new Error("usage: join-features.js DATASET NAME FEATURES.npy TABLE.tsv");

const { width, rows } = readNpy(features);
const ids = readFileSync(table, "utf8").trimEnd().split("\n").slice(1);
const rowOf = new Map(ids.map((line, n) => [line.split("\t")[0], n]));
if (rowOf.size !== rows.length) throw new Error(`${features}: ${rows.length} rows for ${rowOf.size} ids`);

const trainIds = linesOf("train/table.jsonl").map(({ id }) => id);
for (const file of ["dataset.json", "damaged.json"]) {
  const path = join(folder, file);
  if (!existsSync(path)) continue;
  const description = JSON.parse(readFileSync(path, "utf8"));
  const { splits, copies, modalities } = description;
  for (const part of Object.values(splits)) addTo(part, (line) => line.id.replace(/#(met|new)-[\d.]+$/, ""));
  if (copies)
    addTo(copies, (line) => trainIds[line.row], { [`${name}.kind`]: "clean", [`${name}.severity`]: 0 });
  if (!modalities.includes(name)) modalities.push(name);
  writeFileSync(path, `${JSON.stringify(description, null, 1)}\n`);
}

/** Adds the features of the samples of a split, or of copies, and columns of its table. */
function addTo(part, idOf, columns) {
  const lines = linesOf(part.table);
  const place = part.table.replace(/table\.jsonl$/, `${name}.npy`);
  writeNpy(
    join(folder, place),
    lines.map((line) => rows[rowOf.get(idOf(line))]),
  );
  part.features[name] = place;
  if (!columns) return;
  const text = lines.map((line) => JSON.stringify({ ...line, ...columns }));
  writeFileSync(join(folder, part.table), text.join("\n").concat("\n"));
}

function linesOf(file) {
  return readFileSync(join(folder, file), "utf8").trimEnd().split("\n").map(JSON.parse);
}

/** Reads a float32 array (N, D) in the order of C. */
function readNpy(path) {
  const bytes = readFileSync(path);
  const length = bytes.readUInt16LE(8);
  const head = bytes.toString("latin1", 10, 10 + length);
  const [, count, width] = /'shape': \((\d+), (\d+)\)/.exec(head) ?? [];
  if (!head.includes("'<f4'") || head.includes("'fortran_order': True") || width === undefined)
    throw new Error(`${path} is not a float32 array of two dimensions`);
  const values = new Float32Array(new Uint8Array(bytes.subarray(10 + length)).buffer);
  const rows = Array.from({ length: Number(count) }, (_, n) => values.subarray(n * width, (n + 1) * width));
  return { width: Number(width), rows };
}

function writeNpy(path, list) {
  const head = `{'descr': '<f4', 'fortran_order': False, 'shape': (${list.length}, ${width}), }`;
  const padded = head.padEnd(Math.ceil((head.length + 11) / 64) * 64 + 53, " ").concat("\n");
  const start = Buffer.alloc(10);
  start.write("\x93NUMPY\x01\x00", "latin1");
  start.writeUInt16LE(padded.length, 8);
  const values = Float32Array.from(list.flatMap((row) => Array.from(row)));
  writeFileSync(path, Buffer.concat([start, Buffer.from(padded, "latin1"), Buffer.from(values.buffer)]));
}
