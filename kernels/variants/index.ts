// Everything that bench/kernels measures: the kernels and their earlier versions.
export * from "../index";
export { peak, readStream, rootAndQuotient, updateStreams } from "./roofline";
export { adamGroupedBlocks, adamGroupedNaive, adamGroupedTwoPasses } from "./adam";
export { groupedLinearNaive, groupedLinearRows, groupedLinearTiles } from "./linear";
