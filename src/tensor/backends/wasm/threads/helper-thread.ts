import type { CallHeader, HelperStart, Kernel } from "./protocol.js";

// Code of the helper threads. A thread starts from the text of these functions, because a file would need
// another address in Node, in a page and in a bundle. So they use nothing but their parameters and globals.

/** Computes parts of the call until none is left. The main thread runs the same function as thread 0. */
export function runParts(
  kernels: readonly Kernel[],
  control: Int32Array,
  numbers: Float64Array,
  thread: number,
  start: Pick<HelperStart, "places">,
): void {
  const { header, next, steps, work } = start.places;
  const [kernel, settings, settingsCount, count, unitsAt, workAt, units, block, parts] = Array.from(
    control.subarray(header, header + 9),
  ) as unknown as CallHeader;
  const blocks = Math.ceil(units / block);
  for (;;) {
    const part = Atomics.add(control, next, 1);
    if (part >= parts) return;
    const from = Math.floor((part * blocks) / parts) * block;
    const to = Math.min(units, Math.floor(((part + 1) * blocks) / parts) * block);
    const values = Array.from(numbers.subarray(0, count), (value, i) => {
      const step = numbers[steps + i];
      return step === undefined ? value : value + from * step;
    });
    values[unitsAt] = to - from;
    const own = numbers[work + thread];
    if (thread > 0 && workAt >= 0 && own !== undefined) values[workAt] = own;
    if (settings >= 0) kernels[settings]?.(...values.slice(0, settingsCount));
    const compute = kernels[kernel];
    if (!compute) throw new Error(`there is no kernel ${kernel}`);
    compute(...values.slice(settingsCount));
  }
}

/** Waits for calls and computes parts of them, until there was none for a while. */
export function helperThread(work: typeof runParts, start: HelperStart): void {
  const { control, numbers, names, thread, states, places } = start;
  const own = places.state + places.line * (thread - 1);
  const host = globalThis as unknown as {
    WebAssembly: { Instance: new (module: unknown, imports: unknown) => { exports: Record<string, Kernel> } };
  };
  const change = (from: number, to: number): boolean =>
    Atomics.compareExchange(control, own, from, to) === from;
  const abort = (): never => {
    throw new Error("a kernel failed an internal check");
  };
  const { exports } = new host.WebAssembly.Instance(start.module, { env: { memory: start.memory, abort } });
  exports["useRoom"]?.(start.room);
  const kernels = names.flatMap((name) => exports[name] ?? []);
  Atomics.store(control, own, states.idle);
  Atomics.notify(control, own);
  for (;;) {
    const waited = Atomics.wait(control, own, states.idle, start.idleMs);
    if (waited === "timed-out" && change(states.idle, states.ended)) return;
    if (!change(states.asked, states.busy)) continue;
    let after: number = states.failed;
    try {
      work(kernels, control, numbers, thread, start);
      after = states.idle;
    } finally {
      Atomics.store(control, own, after);
      Atomics.notify(control, own);
    }
  }
}

/** Program of a helper thread. `start` is an expression with its {@link HelperStart}. */
export function helperProgram(start: string): string {
  return `(${helperThread.toString()})(${runParts.toString()}, ${start});`;
}
