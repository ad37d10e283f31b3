import { connect, type Socket } from "node:net";

/** Connection whose end can be waited for. */
export interface OpenSocket {
  readonly socket: Socket;
  /** Everything that the server sent before the connection ended. */
  readonly closed: Promise<string>;
}

/** Opens a connection and sends the start of a request, or nothing. */
export async function openSocket(url: string, start = ""): Promise<OpenSocket> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  let received = "";
  socket.on("data", (chunk: Buffer) => (received += chunk.toString("latin1")));
  socket.on("error", () => undefined); // a reset is an end, too
  const closed = new Promise<string>((resolve) =>
    socket.on("close", () => {
      resolve(received);
    }),
  );
  await new Promise<void>((resolve, reject) => {
    socket.once("connect", resolve);
    socket.once("error", reject);
  });
  if (start !== "") socket.write(start);
  return { socket, closed };
}

/**
 * Sends a request with a body of any length until the server closes the connection or the body has ended.
 * @returns the response, and the number of bytes that the server took
 */
export async function sendBody(
  url: string,
  { path, headers, bytes }: { readonly path: string; readonly headers: string; readonly bytes: number },
): Promise<{ readonly status: number; readonly text: string; readonly sent: number }> {
  const head = `POST ${path} HTTP/1.1\r\nHost: ${new URL(url).host}\r\n${headers}\r\n\r\n`;
  const { socket, closed } = await openSocket(url, head);
  const isChunked = /transfer-encoding: chunked/i.test(headers);
  const chunk = Buffer.alloc(2 ** 16, "x");
  const framed = isChunked ? Buffer.concat([Buffer.from("10000\r\n"), chunk, Buffer.from("\r\n")]) : chunk;
  for (let sent = 0; sent < bytes && !socket.destroyed; sent += chunk.byteLength)
    if (!socket.write(framed))
      await Promise.race([closed, new Promise((resolve) => socket.once("drain", resolve))]);
  const text = await closed;
  return { status: Number(/^HTTP\/1.1 (\d+)/.exec(text)?.[1]), text, sent: socket.bytesWritten };
}
