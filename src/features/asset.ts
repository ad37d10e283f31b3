/**
 * Reads a file of an npm package: how adapters get their models. In Node from node_modules (`nodeAssets`), in
 * a browser from wherever the page serves them (`fetchAssets`).
 * @throws MediaError "media.missing-package" if it is not there
 */
export interface ReadAsset {
  (packageName: string, path: string): Promise<Uint8Array>;
  /**
   * In a browser, where a file is served: for programs (WebAssembly and what starts it), which a strict
   * content security policy takes from the page's own server only.
   */
  readonly address?: (packageName: string, path: string) => string;
}

/**
 * Where a browser finds a program of a package: its address, or, where files are read in another way, an
 * object URL of its bytes.
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
