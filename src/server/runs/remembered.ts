/** Number of results that are kept. */
const KEPT = 32;

/** Results that take seconds to compute. Remembers the latest. */
export class Remembered<Result> {
  private readonly known = new Map<string, Promise<Result>>();

  /**
   * Returns the result of a key, which is computed only once. A failed computation is repeated at the next
   * call.
   */
  async get(key: string, compute: () => Promise<Result>): Promise<Result> {
    const known = this.known.get(key) ?? compute();
    this.known.delete(key);
    this.known.set(key, known); // the latest at the end
    for (const old of [...this.known.keys()].slice(0, -KEPT)) this.known.delete(old);
    try {
      return await known;
    } catch (error) {
      this.known.delete(key);
      throw error;
    }
  }
}
