/**
 * Reads a file of an npm package. Adapters get their models this way: in Node from node_modules
 * (`nodeAssets`), in a browser from the page's server (`fetchAssets`).
 * @throws MediaError "media.missing-package" if the file is missing
 */
export interface ReadAsset {
  (packageName: string, path: string): Promise<Uint8Array>;
  /**
   * In a browser: returns the address of a file. Programs (WebAssembly and its loader) need it, because a
   * strict content security policy only accepts them from the page's own server.
   */
  readonly address?: (packageName: string, path: string) => string;
}

/**
 * Returns the address of a package's program in a browser. Without addresses, returns an object URL of its
 * bytes.
 */
export async function programAddress(
  readAsset: ReadAsset,
  packageName: string,
  path: string,
): Promise<string> {
  if (readAsset.address) return readAsset.address(packageName, path);
  const type = path.endsWith(".wasm") ? "application/wasm" : "text/javascript";
  return URL.createObjectURL(new Blob([new Uint8Array(await readAsset(packageName, path))], { type }));
}
