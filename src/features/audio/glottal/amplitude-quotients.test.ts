import { describe, expect, it } from "vitest";
import { amplitudeQuotients } from "./amplitude-quotients.js";
import { glottalFlow } from "./inverse-filtering.js";
import { lfPulse } from "./lf-model.js";
import { pulsesBetween } from "./pulses.js";
import { analysedVoice, median, tenseToBreathy } from "./testing/analysed-voice.js";
import { lfWaveform } from "./testing/lf-waveform.js";

/** NAQ and QOQ of an LF pulse by their definitions, on a fine grid. */
function trueQuotients(rd: number): { naq: number; qoq: number } {
  const pulse = lfPulse(rd);
  const steps = 20000;
  let sum = 0;
  const flow = Float64Array.from(
    { length: steps },
    (_, i) => (sum += lfWaveform(pulse, (i + 0.5) / steps) / steps),
  );
  const greatest = flow.reduce((most, value) => Math.max(most, value), 0);
  return { naq: greatest, qoq: flow.filter((value) => value > greatest / 2).length / steps };
}

function measured(rd: number, f0: number): { naq: number; qoq: number } {
  const { speech, closures } = analysedVoice({ rd, f0, seconds: 0.3 }, f0);
  const flow = glottalFlow(speech, closures);
  const quotients = pulsesBetween(closures)
    .slice(4, -4)
    .map((pulse) => amplitudeQuotients(flow, pulse) ?? { naq: NaN, qoq: NaN });
  return { naq: median(quotients.map(({ naq }) => naq)), qoq: median(quotients.map(({ qoq }) => qoq)) };
}

describe("amplitudeQuotients", () => {
  it("are those of a triangle", () => {
    const flow = Float64Array.from({ length: 201 }, (_, n) => 100 - Math.abs((n % 100) - 50) * 2 + 0.3 * n);
    const derivative = Float64Array.from({ length: 201 }, (_, n) => (n % 100 < 50 ? 2 : -2));
    const { naq, qoq } = amplitudeQuotients({ flow, derivative }, { start: 100, end: 200 }) ?? {
      naq: NaN,
      qoq: NaN,
    };
    expect(naq).toBeCloseTo(100 / 2 / 100, 10);
    expect(qoq).toBeCloseTo(0.5, 10);
  });

  it.each([80, 130, 200])(
    "through a vocal tract and back, at %d Hz, grow with Rd; NAQ is within 22% and QOQ within 0.06 of " +
      "the true pulse's",
    (f0) => {
      const found = tenseToBreathy.map((rd) => measured(rd, f0));
      tenseToBreathy.forEach((rd, i) => {
        const { naq, qoq } = found[i] ?? { naq: NaN, qoq: NaN };
        const truth = trueQuotients(rd);
        expect(Math.abs(naq / truth.naq - 1)).toBeLessThan(0.22);
        expect(Math.abs(qoq - truth.qoq)).toBeLessThan(0.06);
        expect(naq).toBeGreaterThan(found[i - 1]?.naq ?? 0);
        expect(qoq).toBeGreaterThan(found[i - 1]?.qoq ?? 0);
      });
    },
  );

  it("are undefined without flow, and finite for the shortest cycle at the very end", () => {
    const silence = { flow: new Float64Array(400), derivative: new Float64Array(400) };
    expect(amplitudeQuotients(silence, { start: 0, end: 100 })).toBeUndefined();
    const noise = Float64Array.from({ length: 40 }, (_, n) => Math.sin(n * n));
    const found = amplitudeQuotients({ flow: noise, derivative: noise }, { start: 7, end: 39 });
    expect(Number.isFinite(found?.naq)).toBe(true);
    expect(Number.isFinite(found?.qoq)).toBe(true);
  });
});
