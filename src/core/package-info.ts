/**
 * Name and version of this package in runs and reports. A constant, so that browsers need no package.json; a
 * test checks that both are equal.
 */
export const packageInfo = { name: "euar", version: "0.1.0" } as const;
