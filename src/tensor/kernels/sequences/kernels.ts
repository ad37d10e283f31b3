import { buffer, type KernelFamily, type Phase, splitRows, value } from "../entry.js";
import { QUERIES } from "./constants.js";

/** Address and stride in bytes of neighbouring columns. */
const columns = <Name extends string>(name: Name) =>
  ({
    [name]: value(`columnsAt(${name}, rows, width)`),
    [`${name}Stride`]: value(`4 * ${name}.stride`),
  }) as Record<Name | `${Name}Stride`, ReturnType<typeof value>>;

const begin = "const { rows } = packing; const width = heads * depth; attentionCall(parts, call);";

/** Phase over samples, for attention with the given number of products. */
const splitSamples = (products: number, more: Partial<Phase> = {}) =>
  splitRows(
    "samples",
    { starts: [4], keys: { flag: "keys", set: [8], unset: [0] } },
    [0.07 * products, "heads", "longest", "longest", "depth"],
    { work: "work", settings: "attentionCall", ...more },
  );

export const family = {
  rust: ["attention_sample"],
  constants: { QUERIES },
  uses: {
    "../elementwise/dropout-threshold.js": ["dropoutThreshold"],
    "./attention-work.js": ["attentionWork"],
    "./columns.js": ["columnsAt"],
    "./contract.js": ["type PackedAttentionSettings"],
  },
  kernels: {
    /** Sets the arguments that both directions of attention read. */
    attentionCall: {
      assembly: "attention",
      native: "attention::settings",
      helper: "call: PackedAttentionSettings",
      before: "const { packing, heads, depth, scale, bias, dropout } = call;",
      numbers: {
        starts: buffer("packing.samples + 1", "packing.starts"),
        samples: value("packing.samples"),
        heads: value(),
        depth: value(),
        longest: value("packing.longest"),
        scale: value(),
        keys: value("dropout ? address(dropout.keys, 2 * packing.samples) : 0"),
        threshold: value("dropout ? dropoutThreshold(dropout.rate) : 0"),
        keptScale: value("dropout ? 1 / (1 - dropout.rate) : 1"),
        table: value("bias ? address(bias.table, bias.buckets * heads) : 0"),
        buckets: value("bias ? address(bias.bucketOf, 2 * bias.reach + 1) : 0"),
        reach: value("bias ? bias.reach : 0"),
        work: value("heap.work(attentionWork(call))"),
      },
    },
    packedAttention: {
      assembly: "attention",
      native: "attention::attention",
      blocks: { attention: "attention::attention_block" },
      method: "call",
      before: `const { packing, heads, depth, query, key, value, out, largest, sum } = call; ${begin}`,
      numbers: {
        ...columns("query"),
        ...columns("key"),
        ...columns("value"),
        out: buffer("rows * width"),
        largest: buffer("rows * heads"),
        sum: buffer("rows * heads"),
      },
      split: splitSamples(2),
    },
    packedAttentionBackward: {
      assembly: "attention",
      native: "attention::attention_backward",
      blocks: {
        attention_backward: "attention::backward_block",
        attention_backward_heads: "attention::backward_heads_block",
      },
      method: "call",
      before:
        "const { packing, heads, depth, bias, query, key, value, largest, sum } = call;" +
        `const { dout, dquery, dkey, dvalue, dtable } = call; ${begin}`,
      numbers: {
        ...columns("query"),
        ...columns("key"),
        ...columns("value"),
        largest: buffer("rows * heads"),
        sum: buffer("rows * heads"),
        dout: buffer("rows * width"),
        ...columns("dquery"),
        ...columns("dkey"),
        ...columns("dvalue"),
        dtable: value("bias && dtable ? address(dtable, bias.buckets * heads) : 0"),
      },
      split: splitSamples(5, { unless: "dtable" }),
    },
  },
} as const satisfies KernelFamily;
