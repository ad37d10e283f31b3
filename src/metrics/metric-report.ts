/**
 * Metric values by name. A value is null if the metric is undefined on these samples; a warning gives the
 * reason.
 */
export interface MetricReport {
  readonly values: Readonly<Record<string, number | null>>;
  readonly warnings: readonly string[];
}

/** Collects values and warnings under one prefix. */
export class MetricCollector {
  private readonly values: Record<string, number | null> = {};
  private readonly warnings: string[] = [];

  /**
   * Adds a metric.
   *
   * @param reason reason for the warning if the value is null
   */
  add(name: string, value: number | null, reason: string): void {
    this.values[name] = value;
    if (value === null) this.warnings.push(`${name} is undefined: ${reason}`);
  }

  report(): MetricReport {
    return { values: this.values, warnings: this.warnings };
  }
}
