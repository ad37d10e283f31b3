import { MediaError } from "../core/errors.js";

/**
 * Error for a package that is not installed.
 * @param purpose task that needs it, e.g. "reading JPEG images"
 */
export function missingPackage(packageName: string, purpose?: string, cause?: unknown): MediaError {
  return new MediaError(
    "media.missing-package",
    `${purpose ?? "this"} needs the package ${packageName}, which is not installed`,
    {
      hint: `npm install ${packageName}`,
      ...(cause === undefined ? {} : { cause }),
    },
  );
}

/**
 * Imports an optional package. The caller passes `() => import("x")`, so that bundlers see the import.
 * @throws MediaError "media.missing-package"
 */
export async function optionalPackage<Module>(
  packageName: string,
  purpose: string,
  load: () => Promise<Module>,
): Promise<Module> {
  try {
    return await load();
  } catch (cause) {
    throw missingPackage(packageName, purpose, cause);
  }
}
