/**
 * Returns the name of this platform in native packages, e.g. `linux-x64-gnu`. Uses the same rule as
 * src/tensor/backends/native/addon.ts.
 */
export function nativeTarget() {
  const { platform, arch } = process;
  if (platform === "win32") return `win32-${arch}-msvc`;
  if (platform !== "linux") return `${platform}-${arch}`;
  return `linux-${arch}-${process.report.getReport().header.glibcVersionRuntime ? "gnu" : "musl"}`;
}
