/**
 * Runs one piece of work at a time. If more work is requested meanwhile, it runs only the last request, so
 * that dragging a slider does not build up a queue.
 */
export class Latest {
  private next: (() => Promise<void>) | undefined;
  private busy = false;

  /** @param work must not throw */
  run(work: () => Promise<void>): void {
    this.next = work;
    if (!this.busy) void this.drain();
  }

  private async drain(): Promise<void> {
    this.busy = true;
    while (this.next) {
      const work = this.next;
      this.next = undefined;
      await work();
    }
    this.busy = false;
  }
}
