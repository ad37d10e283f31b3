import type { Results, Task } from "./protocol.js";

/** Place where a model scores: a worker of the page, or the server. */
export interface Scoring {
  readonly place: "page" | "server";
  /**
   * Performs a task. Tasks are performed one after the other.
   * @throws EuarError of the library, RequestError of the server
   */
  ask<Name extends Task["task"]>(task: Extract<Task, { task: Name }>): Promise<Results[Name]>;
  /** Drops the model. */
  close(): void;
}
