import { expect } from "vitest";
import { EuarError, type ErrorCode } from "../../core/errors.js";

/** Expects an EuarError with this code (and message), and nothing else. */
export async function expectRejection(
  promise: Promise<unknown>,
  code: ErrorCode,
  message = /./,
): Promise<void> {
  const outcome: unknown = await promise.then(
    () => "it resolved",
    (error: unknown) => error,
  );
  expect(outcome).toBeInstanceOf(EuarError);
  expect(outcome).toMatchObject({ code });
  expect((outcome as EuarError).message).toMatch(message);
}
