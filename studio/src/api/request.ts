/** Failed request, with the error from the server. */
export class RequestError extends Error {
  constructor(
    message: string,
    readonly hint: string | undefined,
    /** Error code of the server, or undefined if it did not answer. */
    readonly code: string | undefined,
  ) {
    super(message);
    this.name = "RequestError";
  }
}

interface Problem {
  readonly detail?: unknown;
  readonly hint?: unknown;
  readonly code?: unknown;
}

/** Returns an absolute address of the server, which a worker can use too. */
export function addressOf(path: string): string {
  return new URL(path, document.baseURI).href;
}

/**
 * Sends a request to the server.
 * @param path relative to the page, for example "v1/models"
 * @throws RequestError if the server does not answer, or answers with an error
 */
export async function request(path: string, options: RequestInit = {}): Promise<Response> {
  let answer: Response;
  try {
    answer = await fetch(addressOf(path), options);
  } catch (error) {
    if (options.signal?.aborted === true) throw error;
    throw new RequestError("The server does not answer", "Check that euar serve is running.", undefined);
  }
  if (answer.ok) return answer;
  const { detail, hint, code } = await problemOf(answer);
  throw new RequestError(
    typeof detail === "string" ? detail : `${path} cannot be read (status ${answer.status})`,
    typeof hint === "string" ? hint : undefined,
    typeof code === "string" ? code : undefined,
  );
}

/** Sends a request and reads its answer as JSON. The caller states the type, which the server guarantees. */
export async function requestJson(path: string, options: RequestInit = {}): Promise<unknown> {
  return (await request(path, options)).json();
}

async function problemOf(answer: Response): Promise<Problem> {
  try {
    return (await answer.json()) as Problem;
  } catch {
    return {};
  }
}
