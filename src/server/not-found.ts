import { ServerError } from "../core/errors.js";
import { suggestion } from "../core/nearest.js";

/**
 * Returns the error for a name that the server does not know, with the nearest known name as a hint.
 * @param what kind of thing, such as "data set"
 */
export function notFound(what: string, name: string, known: readonly string[]): ServerError {
  return new ServerError("server.not-found", `there is no ${what} ${JSON.stringify(name)}`, {
    hint: suggestion(name, known),
  });
}
