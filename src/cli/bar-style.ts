/** Options of cli-progress that every progress bar of the command line uses. */
export const barStyle = {
  barCompleteChar: "=",
  barIncompleteChar: "-",
  barsize: 24,
  hideCursor: true,
  clearOnComplete: true,
  stopOnComplete: false,
  fps: 5,
  // The command line has its own signal handlers.
  gracefulExit: false,
} as const;
