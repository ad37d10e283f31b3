import createFetchClient, { type Client } from "openapi-fetch";
import type { paths } from "./api-types.generated.js";

/** Address and key of the server, and the way to reach it. */
export interface ClientOptions {
  /** Address of the server. Default: http://127.0.0.1:8765. */
  readonly url?: string;
  /** Key of a server that requires keys. */
  readonly key?: string;
  /** Sends requests. Default: the platform's fetch. */
  readonly fetch?: (request: Request) => Promise<Response>;
}

/** Client of `euar serve`: `GET`, `POST`, `PUT` and `DELETE` with the paths of docs/serve.md. */
export type EuarClient = Client<paths>;

/**
 * Returns a client whose paths, parameters, bodies and answers have the types of the server's routes.
 *
 * A call returns `{ data, error, response }`. `error` has the problem details of a refused request, and
 * `data` is then absent. A request that gets no answer rejects.
 * @example
 * import { createClient } from "euar/client";
 * const client = createClient();
 * const body = { features: { text: [0.1, -0.2] } };
 * const { data, error } = await client.POST("/v1/predictions", { body });
 */
export function createClient({ url = "http://127.0.0.1:8765", key, fetch }: ClientOptions = {}): EuarClient {
  return createFetchClient<paths>({
    baseUrl: url,
    ...(key !== undefined && { headers: { authorization: `Bearer ${key}` } }),
    ...(fetch && { fetch }),
  });
}
