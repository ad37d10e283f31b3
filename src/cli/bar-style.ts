/** How every progress bar of the command line looks and behaves; options of cli-progress. */
export const barStyle = {
  barCompleteChar: "=",
  barIncompleteChar: "-",
  barsize: 24,
  hideCursor: true,
  clearOnComplete: true,
  stopOnComplete: false,
  fps: 5,
  // The signal handlers are the command line's own.
  gracefulExit: false,
} as const;
