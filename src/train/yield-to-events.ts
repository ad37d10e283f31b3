/**
 * Lets pending events (Ctrl-C, progress bars, a page's paint) run. Without `setImmediate`, as in browsers, it
 * waits for a timer of 0 ms.
 */
export function yieldToEvents(): Promise<void> {
  return new Promise((resolve) => {
    if (typeof setImmediate === "function") setImmediate(resolve);
    else setTimeout(resolve, 0);
  });
}
