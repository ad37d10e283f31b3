/**
 * The name of this platform as native packages have it, e.g. `linux-x64-gnu`; the same rule as in
 * src/tensor/backends/native/addon.ts.
 */
export function nativeTarget() {
  const { platform, arch } = process;
  if (platform === "win32") return `win32-${arch}-msvc`;
  if (platform !== "linux") return `${platform}-${arch}`;
  return `linux-${arch}-${process.report.getReport().header.glibcVersionRuntime ? "gnu" : "musl"}`;
}
