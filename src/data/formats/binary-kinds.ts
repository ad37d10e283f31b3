/** A file format that is recognised by its first bytes, given as text of one character per byte. */
export interface BinaryKind {
  readonly id: string;
  readonly what: string;
  readonly matches: (head: string) => boolean;
  readonly remedy: (name: string) => string;
}

const begins =
  (...starts: readonly string[]) =>
  (head: string): boolean =>
    starts.some((start) => head.startsWith(start));

/** Returns the name of the first file in a zip archive; undefined for anything else. */
function firstZipEntry(head: string): string | undefined {
  if (!head.startsWith("PK\x03\x04")) return undefined;
  const length = head.charCodeAt(26) + 256 * head.charCodeAt(27);
  return head.slice(30, 30 + length);
}

/**
 * Returns true if bytes are binary, so that a text that begins with the letters of a signature is not taken
 * for that format. A text has none of these control characters. Files of these formats have some near their
 * beginning: lengths, versions, counts.
 */
const binary =
  (matches: (head: string) => boolean) =>
  (head: string): boolean =>
    matches(head) && /[\0-\x08\x0e-\x1f]/.test(head);

/**
 * A pickle of protocol 0 or 1 that begins with a global. Lines of a text can look like the global itself. So
 * the pattern requires the opcodes that Python writes next: the first entry of the memo, or the arguments of
 * a call.
 */
const GLOBAL_PICKLE = new RegExp(
  String.raw`^c[A-Za-z_][\w.]{0,99}\n[A-Za-z_][\w.]{0,99}\n` +
    String.raw`(p0\n[(.]|q\0|\)[R\x81]|\(tR|\(S['"]|\(I-?\d|\([KU][\0-\x1f]|[\x80-\x97])`,
);

const unpack = (command: string) => (name: string) =>
  `Unpack it first (${command} ${name}), and give its content.`;
const clip = (name: string): string =>
  `A trained model scores it: euar predict --run RUN ${name}. A data set is made of a folder of clips ` +
  "with a label.csv: euar extract FOLDER --out DATASET.";
const picture = (name: string): string =>
  `A trained model scores it: euar predict --run RUN --image ${name}. A data set is made of a folder ` +
  "of posts: euar extract FOLDER --out DATASET.";
const ownArrays =
  "Save each modality with numpy.save and describe the files in a dataset.json, or write MMSA's pickle " +
  "(docs/formats.md); then euar train --data PATH.";

/** File kinds with a signature, most specific first. */
export const binaryKinds = [
  {
    id: "npz",
    what: "a NumPy archive (.npz)",
    matches: (head) => firstZipEntry(head)?.endsWith(".npy") === true,
    remedy: () => `numpy.load reads it in Python. ${ownArrays}`,
  },
  {
    id: "torch",
    what: "a PyTorch file (.pt, .pth)",
    matches: (head) =>
      /(^|\/)(data\.pkl|\.data\/|\.format_version|byteorder|constants\.pkl)/.test(
        firstZipEntry(head) ?? "",
      ) || head.startsWith("\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19"),
    remedy: () => `Load it with torch.load in Python if you trust it: it can run code. ${ownArrays}`,
  },
  {
    id: "office",
    what: "a spreadsheet or document of an office program",
    matches: (head) =>
      /^(\[Content_Types\]|_rels\/|docProps\/|xl\/|mimetype)/.test(firstZipEntry(head) ?? "") ||
      head.startsWith("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
    remedy: () =>
      'Save the sheet as CSV in UTF-8; a table with the columns "text" and "label" goes to euar extract.',
  },
  { id: "zip", what: "a zip archive", matches: begins("PK\x03\x04", "PK\x05\x06"), remedy: unpack("unzip") },
  { id: "gzip", what: "a gzip-compressed file", matches: begins("\x1f\x8b"), remedy: unpack("gunzip -k") },
  {
    id: "bzip2",
    what: "a bzip2-compressed file",
    matches: (head) => /^BZh[1-9]1AY&SY/.test(head),
    remedy: unpack("bunzip2 -k"),
  },
  { id: "xz", what: "an xz-compressed file", matches: begins("\xfd7zXZ\0"), remedy: unpack("unxz -k") },
  {
    id: "zstd",
    what: "a zstd-compressed file",
    matches: begins("\x28\xb5\x2f\xfd"),
    remedy: unpack("unzstd -k"),
  },
  { id: "7z", what: "a 7z archive", matches: begins("7z\xbc\xaf\x27\x1c"), remedy: unpack("7z x") },
  { id: "rar", what: "a rar archive", matches: begins("Rar!\x1a\x07"), remedy: unpack("unrar x") },
  {
    id: "tar",
    what: "a tar archive",
    matches: binary((head) => head.startsWith("ustar", 257)),
    remedy: unpack("tar xf"),
  },
  {
    id: "hdf5",
    what: "an HDF5 file (.h5, .csd of the CMU Multimodal SDK, .mat)",
    matches: (head) => [0, 512, 1024, 2048].some((at) => head.startsWith("\x89HDF\r\n\x1a\n", at)),
    remedy: () => `h5py, or mmsdk for .csd, reads it in Python. ${ownArrays}`,
  },
  {
    id: "matlab",
    what: "a MATLAB file (.mat)",
    matches: begins("MATLAB 5.0 MAT-file"),
    remedy: () => `scipy.io.loadmat reads it in Python. ${ownArrays}`,
  },
  {
    id: "npy",
    what: "a NumPy array (.npy)",
    matches: begins("\x93NUMPY"),
    remedy: () =>
      "A dataset.json names arrays and their labels (docs/formats.md): euar train --data FOLDER. One " +
      "clip's features go to euar predict --features as JSON.",
  },
  {
    id: "pickle",
    what: "a Python pickle",
    matches: (head) =>
      /^\x80[\x02-\x05][\x95}\](cU)\x8c]/.test(head) ||
      /^(\([dl](p\d|q|\n)|[}\]](q.|\())/s.test(head) ||
      GLOBAL_PICKLE.test(head),
    remedy: (name) =>
      `A data set in MMSA's or MIB's layout is read by euar inspect ${name} and euar train --data ` +
      `${name}. One clip's features go to euar predict --features as JSON: json.dump({"audio": ` +
      "array.tolist()}, file).",
  },
  {
    id: "safetensors",
    what: "a safetensors file of weights",
    matches: (head) => /^.{3}\0{5}\{"/s.test(head),
    remedy: (name) => `Weights of euar are shown by euar inspect ${name} and used by euar predict --run.`,
  },
  {
    id: "parquet",
    what: "a Parquet or Arrow table",
    matches: binary(begins("PAR1", "ARROW1", "FEA1")),
    remedy: (name) =>
      "pandas reads it in Python; write its texts and labels as CSV, which euar extract takes: " +
      `pandas.read_parquet("${name}").to_csv("texts.csv").`,
  },
  {
    id: "sqlite",
    what: "an SQLite database",
    matches: begins("SQLite format 3\0"),
    remedy: () => "Write the texts and labels in it as CSV, which euar extract takes.",
  },
  {
    id: "pdf",
    what: "a PDF document",
    matches: begins("%PDF-"),
    remedy: () =>
      "Give the data themselves. docs/formats.md and docs/extract.md list the formats that are read.",
  },
  {
    id: "image",
    what: "a picture",
    matches: binary(
      (head) =>
        begins("\xff\xd8\xff", "\x89PNG\r\n\x1a\n", "GIF87a", "GIF89a", "II*\0", "MM\0*")(head) ||
        /^RIFF....WEBP/s.test(head) ||
        /^....ftyp(avif|avis|mif1|heic|heix|hevc)/s.test(head) ||
        /^BM.{4}\0{4}/s.test(head),
    ),
    remedy: picture,
  },
  {
    id: "sound",
    what: "a sound file",
    matches: (head) =>
      binary(
        (start) =>
          /^(RIFF|RF64|FORM)....(WAVE|AIF[FC])/s.test(start) ||
          /^....ftypM4[AB] /s.test(start) ||
          begins("OggS", "fLaC", "ID3", "caff", ".snd")(start),
      )(head) ||
      /^#!AMR(-WB)?(_MC1\.0)?\n/.test(head) ||
      /^\xff[\xe2\xe3\xf2\xf3\xfa\xfb\xf1\xf9][^\0\xff]/.test(head),
    remedy: clip,
  },
  {
    id: "video",
    what: "a video file",
    matches: (head) =>
      binary(
        (start) =>
          /^(....(ftyp|moov|mdat|styp|moof)|RIFF....AVI )/s.test(start) ||
          (start[0] === "G" && start[188] === "G" && start[376] === "G"),
      )(head) ||
      begins(
        "\x1a\x45\xdf\xa3",
        "FLV\x01",
        "\x30\x26\xb2\x75\x8e\x66\xcf\x11",
        "\0\0\x01\xba",
        "\0\0\x01\xb3",
      )(head),
    remedy: clip,
  },
  {
    id: "onnx",
    what: "an ONNX model",
    matches: (head) => /^\x08[\x03-\x0f]\x12[\x01-\x40][a-zA-Z]/.test(head),
    remedy: () =>
      "The folder of an encoder goes to an adapter: euar extract INPUT --text text/onnx:folder=FOLDER.",
  },
] as const satisfies readonly BinaryKind[];
