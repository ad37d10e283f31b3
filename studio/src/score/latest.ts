/**
 * Runs one piece of work at a time. Of the work that is requested meanwhile, it runs only the last, so that a
 * slider that is dragged leaves no queue behind.
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
