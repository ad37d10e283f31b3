/** Metric values by name; null where a metric is undefined on these samples, and then a warning says why. */
export interface MetricReport {
  readonly values: Readonly<Record<string, number | null>>;
  readonly warnings: readonly string[];
}

/** Collects values and warnings under one prefix. */
export class MetricCollector {
  private readonly values: Record<string, number | null> = {};
  private readonly warnings: string[] = [];

  /** @param reason why the value is null, when it is */
  add(name: string, value: number | null, reason: string): void {
    this.values[name] = value;
    if (value === null) this.warnings.push(`${name} is undefined: ${reason}`);
  }

  report(): MetricReport {
    return { values: this.values, warnings: this.warnings };
  }
}
