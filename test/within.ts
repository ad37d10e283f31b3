/** Limit of a wait in tests, in milliseconds. Guards against hanging, not against slowness. */
export const PATIENCE = 200_000;

/**
 * Waits for a promise, but not for ever.
 * @param what what is waited for, for the message, such as "the start of Chromium"
 * @param state returns what is known at the limit, for the message
 * @throws Error that names what was waited for
 */
export async function within<Value>(
  what: string,
  promise: Promise<Value>,
  { limit = PATIENCE, state }: { readonly limit?: number; readonly state?: () => string } = {},
): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`waited ${limit / 1000} s for ${what}${state ? `: ${state()}` : ""}`));
    }, limit);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Waits until a condition holds, but not for ever.
 * @param what what is waited for, for the message
 * @throws Error that names what was waited for
 */
export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
  { limit = PATIENCE }: { readonly limit?: number } = {},
): Promise<void> {
  let isOver = false;
  const held = async (): Promise<void> => {
    while (!(await condition()) && !isOver) await new Promise((resolve) => setTimeout(resolve, 20));
  };
  try {
    await within(what, held(), { limit });
  } finally {
    isOver = true;
  }
}
