import { growingSet } from "../growing-parts.js";
import { soundDamage } from "./sound-damage.js";

/** Seconds of sound in a packet, as most calls send them. */
export const PACKET_SECONDS = 0.02;

/** Packets of 20 ms that never arrive and are played as silence. */
export const packetLoss = soundDamage({
  summary: "the sound stutters, as in a call over a bad network",
  unit: "share of packets (20 ms) that are lost",
  amountAt: (severity) => 0.9 * severity,
  corrupt: (samples, share, { sampleRate, key }) => {
    const size = Math.max(1, Math.round(PACKET_SECONDS * sampleRate));
    const lost = growingSet(Math.ceil(samples.length / size), share, key);
    const result = samples.slice();
    lost.forEach((isLost, packet) => {
      if (isLost === 1) result.fill(0, packet * size, (packet + 1) * size);
    });
    return result;
  },
});
