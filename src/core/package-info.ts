/**
 * This package, as runs and reports name it. A constant rather than read from package.json, so that browsers
 * have it too; a test holds the two equal.
 */
export const packageInfo = { name: "euar", version: "0.1.0" } as const;
