import { defined } from "../../core/defined.js";
import { growingBlock } from "../growing-parts.js";
import { soundDamageWithOther } from "./sound-damage.js";

/** One block of another sound at a drawn place. A short sound repeats. */
export const wrongClip = soundDamageWithOther({
  name: "wrong-clip",
  summary: "a part of the sound belongs to another clip, all of it at severity 1",
  unit: "share of the time that is from another clip",
  amountAt: (severity) => severity,
  corrupt: (samples, share, { key }, other) => {
    const { start, end } = growingBlock(samples.length, share, key);
    return samples.map((sample, i) => (i >= start && i < end ? defined(other[i % other.length]) : sample));
  },
});
