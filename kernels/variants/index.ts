// Everything that bench/kernels times: the kernels themselves and the versions that came before them.
export * from "../index";
export { peak, readStream, rootAndQuotient, updateStreams } from "./roofline";
export { adamGroupedBlocks, adamGroupedNaive, adamGroupedTwoPasses } from "./adam";
export { groupedLinearNaive, groupedLinearRows, groupedLinearTiles } from "./linear";
