const MINUTE = 60_000;

/**
 * Limit of requests per minute, as a bucket of tokens: after a pause a client may send the requests of a
 * minute at once, and then one request every 60 / rate seconds.
 */
export class RateLimit {
  private tokens: number;
  private at = -Infinity;

  /** @param rate requests per minute, at least 1 */
  constructor(private readonly rate: number) {
    this.tokens = rate;
  }

  /**
   * Counts a request.
   * @param now time in milliseconds
   * @returns 0 if it is allowed, otherwise the seconds until the next one is, at least 1
   */
  take(now: number): number {
    if (now > this.at) {
      this.tokens = Math.min(this.rate, this.tokens + ((now - this.at) / MINUTE) * this.rate);
      this.at = now;
    }
    if (this.tokens >= 1) {
      this.tokens -= 1;
      return 0;
    }
    return Math.max(1, Math.ceil(((1 - this.tokens) / this.rate) * (MINUTE / 1000)));
  }
}
