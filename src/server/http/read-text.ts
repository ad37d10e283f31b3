import { DataError, ServerError } from "../../core/errors.js";

/**
 * Reads the body of a request as UTF-8. Stops at the limit, whatever the header Content-Length says.
 * @param limit largest number of bytes
 * @throws ServerError "server.too-large"
 * @throws DataError "data.format" for bytes that are not UTF-8
 */
export async function readText(request: Request, limit: number): Promise<string> {
  const stated = Number(request.headers.get("content-length") ?? NaN);
  if (stated > limit) throw tooLarge(limit);
  if (Number.isFinite(stated)) return decode(new Uint8Array(await request.arrayBuffer()));
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  const reader = request.body?.getReader();
  for (let next = await reader?.read(); next?.value; next = await reader?.read()) {
    bytes += next.value.byteLength;
    if (bytes > limit) {
      await reader?.cancel();
      throw tooLarge(limit);
    }
    chunks.push(next.value);
  }
  return decode(Buffer.concat(chunks));
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new DataError("data.format", "the body is not UTF-8", { hint: "Encode it as UTF-8.", cause });
  }
}

function tooLarge(limit: number): ServerError {
  return new ServerError("server.too-large", `the body has more than ${limit} bytes`, {
    hint: "Send fewer samples at once, or start the server with a larger limit.",
  });
}
