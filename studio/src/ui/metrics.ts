import type { Run } from "../api/runs.js";

/** Metrics in order of preference, if only one metric of a run is shown. */
const HEADLINE = ["MAE", "Accuracy", "F1"];

/** Returns the metrics of a finished run on a split. */
export function metricsOf(
  { results }: Pick<Run, "results">,
  split: "valid" | "test",
): Readonly<Record<string, number>> {
  const metrics = results?.[split];
  if (typeof metrics !== "object" || metrics === null) return {};
  return Object.fromEntries(
    Object.entries(metrics).filter((entry): entry is [string, number] => typeof entry[1] === "number"),
  );
}

/** Returns the main metric of several: a well-known one, or the first. */
export function headlineOf(names: readonly string[]): string | undefined {
  return HEADLINE.find((name) => names.includes(name)) ?? names[0];
}

/** Returns the main metric of a finished run, on its test split. */
export function metricOf(
  run: Pick<Run, "results">,
): { readonly name: string; readonly value: number } | undefined {
  const metrics = metricsOf(run, "test");
  const name = headlineOf(Object.keys(metrics));
  const value = name === undefined ? undefined : metrics[name];
  return name === undefined || value === undefined ? undefined : { name, value };
}

/** Returns the name of a run's model: that of its configuration, or the requested one. */
export function modelOf({ config, options }: Pick<Run, "config" | "options">): string {
  const model = config?.["model"];
  const name =
    typeof model === "object" && model !== null && "name" in model ? model.name : options?.["model"];
  return typeof name === "string" ? name : "";
}
