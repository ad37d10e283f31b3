/**
 * Reads a file of an npm package: how adapters get their models. In Node from node_modules (`nodeAssets`), in a browser from wherever the page serves them.
 * @throws MediaError "media.missing-package" if it is not there
 */
export type ReadAsset = (packageName: string, path: string) => Promise<Uint8Array>;
