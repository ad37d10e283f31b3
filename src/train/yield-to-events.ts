/**
 * Lets waiting events (Ctrl-C, progress bars, a page's paint) have their turn. Hosts without `setImmediate`,
 * such as browsers, wait a timer's shortest time.
 */
export function yieldToEvents(): Promise<void> {
  return new Promise((resolve) => {
    if (typeof setImmediate === "function") setImmediate(resolve);
    else setTimeout(resolve, 0);
  });
}
