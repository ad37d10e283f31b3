import { type ShownError, shownError } from "../ui/shown-error.js";

/** Errors of inputs that the model did not get, by input. Each stays until its input changes. */
export class Refusals {
  private byInput = $state.raw<ReadonlyMap<string, ShownError>>(new Map());

  /** Inputs with their errors, the oldest first. */
  get all(): readonly (readonly [string, ShownError])[] {
    return [...this.byInput];
  }

  /** @param input name of a modality, or of another source such as the camera */
  add(input: string, error: unknown): void {
    this.byInput = new Map(this.without(input)).set(input, shownError(error));
  }

  remove(input: string): void {
    if (this.byInput.has(input)) this.byInput = new Map(this.without(input));
  }

  clear(): void {
    this.byInput = new Map();
  }

  private without(input: string): readonly (readonly [string, ShownError])[] {
    return this.all.filter(([name]) => name !== input);
  }
}
