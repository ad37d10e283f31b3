import { notFound } from "../not-found.js";

/**
 * Returns the path of a data set of the server.
 * @throws ServerError "server.not-found"
 */
export function datasetPath(datasets: ReadonlyMap<string, string>, name: string): string {
  const path = datasets.get(name);
  if (path === undefined) throw notFound("data set", name, [...datasets.keys()]);
  return path;
}
