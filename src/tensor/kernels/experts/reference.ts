import { add, at } from "../../backends/reference/access.js";
import type { ExpertsKernels } from "./contract.js";
import { forEachPair } from "./pairs.js";
import { gaussian } from "./reference-gaussian.js";
import { requireWidth } from "./require-width.js";

export const reference: ExpertsKernels = {
  ...gaussian,

  topK(probabilities, rows, width, k, indices, values) {
    requireWidth(k, width);
    const x = probabilities.view;
    for (let r = 0; r < rows; r++) {
      const taken = new Set<number>();
      for (let s = 0; s < k; s++) {
        let best = -1;
        for (let j = 0; j < width; j++) {
          if (!taken.has(j) && (best < 0 || at(x, r * width + j) > at(x, r * width + best))) best = j;
        }
        taken.add(best);
        indices.view[r * k + s] = best;
        values.view[r * k + s] = at(x, r * width + best);
      }
    }
  },

  dispatch(
    { indices, present, rows, slots },
    { experts, offsets, rows: pairRows, slots: pairSlots, pairOf },
  ) {
    pairOf.view.fill(-1, 0, rows * slots);
    let pair = 0;
    for (let e = 0; e < experts; e++) {
      offsets.view[e] = pair;
      for (let r = 0; r < rows; r++) {
        if (at(present.view, r) === 0) continue;
        for (let s = 0; s < slots; s++) {
          if (at(indices.view, r * slots + s) !== e) continue;
          pairRows.view[pair] = r;
          pairSlots.view[pair] = s;
          pairOf.view[r * slots + s] = pair;
          pair += 1;
        }
      }
    }
    offsets.view[experts] = pair;
    return pair;
  },

  groupedLinear(x, weight, bias, dispatch, inputs, outputs, out, columns = outputs) {
    forEachPair(dispatch, (e, p, row) => {
      for (let j = 0; j < columns; j++) {
        let sum = at(bias.view, e * outputs + j);
        for (let i = 0; i < inputs; i++)
          sum += at(x.view, row * inputs + i) * at(weight.view, (e * inputs + i) * outputs + j);
        out.view[p * outputs + j] = sum;
      }
    });
  },

  groupedLinearBackwardInput(dout, weight, dispatch, inputs, outputs, rows, slots, dx) {
    const expertOf = new Int32Array(dispatch.pairs);
    forEachPair(dispatch, (e, p) => {
      expertOf[p] = e;
    });
    for (let r = 0; r < rows; r++) {
      for (let s = 0; s < slots; s++) {
        const p = at(dispatch.pairOf.view, r * slots + s);
        if (p < 0) continue;
        const e = at(expertOf, p);
        for (let i = 0; i < inputs; i++) {
          let sum = 0;
          for (let j = 0; j < outputs; j++)
            sum += at(dout.view, p * outputs + j) * at(weight.view, (e * inputs + i) * outputs + j);
          add(dx.view, r * inputs + i, sum);
        }
      }
    }
  },

  groupedWeightGradient(x, dout, dispatch, inputs, outputs, dweight) {
    const offsets = dispatch.offsets.view;
    for (let e = 0; e < dispatch.experts; e++) {
      for (let i = 0; i < inputs; i++) {
        for (let j = 0; j < outputs; j++) {
          let sum = 0;
          for (let p = at(offsets, e); p < at(offsets, e + 1); p++) {
            sum += at(x.view, at(dispatch.rows.view, p) * inputs + i) * at(dout.view, p * outputs + j);
          }
          add(dweight.view, (e * inputs + i) * outputs + j, sum);
        }
      }
    }
  },

  groupedBiasGradient(dout, dispatch, outputs, dbias) {
    const offsets = dispatch.offsets.view;
    for (let e = 0; e < dispatch.experts; e++) {
      for (let j = 0; j < outputs; j++) {
        let sum = 0;
        for (let p = at(offsets, e); p < at(offsets, e + 1); p++) sum += at(dout.view, p * outputs + j);
        add(dbias.view, e * outputs + j, sum);
      }
    }
  },

  groupedSquaredNorm(x, dout, dispatch, inputs, outputs) {
    const offsets = dispatch.offsets.view;
    let total = 0;
    for (let e = 0; e < dispatch.experts; e++) {
      for (let p = at(offsets, e); p < at(offsets, e + 1); p++) {
        for (let q = at(offsets, e); q < at(offsets, e + 1); q++) {
          let xDot = 0;
          for (let i = 0; i < inputs; i++)
            xDot +=
              at(x.view, at(dispatch.rows.view, p) * inputs + i) *
              at(x.view, at(dispatch.rows.view, q) * inputs + i);
          let dDot = 0;
          for (let j = 0; j < outputs; j++)
            dDot += at(dout.view, p * outputs + j) * at(dout.view, q * outputs + j);
          total += xDot * dDot;
        }
      }
    }
    return total;
  },
};
