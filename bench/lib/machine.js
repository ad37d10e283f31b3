import { cpus, loadavg, totalmem } from "node:os";
import { significant } from "./statistics.js";

/** Describes the machine of the measurement. */
export function describeMachine() {
  return {
    date: new Date().toISOString(),
    cpu: cpus()[0]?.model ?? "unknown",
    cores: cpus().length,
    /** Waiting or running processes per core before the start. */
    load: significant(loadavg()[0] / cpus().length, 2),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    platform: `${process.platform} ${process.arch}`,
    node: process.versions.node,
    v8: process.versions.v8,
  };
}
