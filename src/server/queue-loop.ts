/** Queue that a {@link QueueLoop} works through. */
export interface QueueParts<Item> {
  /** Takes the next item; null if there is none. */
  readonly take: () => Promise<Item | null>;
  readonly run: (item: Item) => Promise<void>;
  /** Receives the message of an error of `take` or `run`. The loop ends until it is woken again. */
  readonly onError: (message: string) => void;
}

/** Works through a queue in the background, one item after another, whenever it is woken. */
export class QueueLoop<Item> {
  private working: Promise<void> | undefined;
  /** True if an item may have been queued after the last look into the queue. */
  private again = false;
  private stopped = false;

  constructor(private readonly parts: QueueParts<Item>) {}

  /** True if no further item is taken. */
  get isStopping(): boolean {
    return this.stopped;
  }

  /** Looks into the queue, now or after the current item. */
  wake(): void {
    if (this.stopped) return;
    this.again = true;
    this.working ??= this.work()
      .catch((error: unknown) => {
        this.parts.onError(error instanceof Error ? error.message : String(error));
      })
      .finally(() => {
        this.working = undefined;
        if (this.again) this.wake();
      });
  }

  /**
   * Takes no further item.
   * @param interrupt ends the current item early
   * @returns a promise that resolves when the current item has ended
   */
  async stop(interrupt: () => void): Promise<void> {
    this.stopped = true;
    interrupt();
    await this.working;
  }

  private async work(): Promise<void> {
    while (this.again && !this.stopped) {
      this.again = false;
      for (let item = await this.take(); item !== null; item = await this.take()) await this.parts.run(item);
    }
  }

  private async take(): Promise<Item | null> {
    return this.stopped ? null : this.parts.take();
  }
}
