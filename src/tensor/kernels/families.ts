// Families of kernels: the one table. A line adds the folder to every backend (npm run build:kernels).
export { family as elementwise } from "./elementwise/kernels.js";
export { family as experts } from "./experts/kernels.js";
export { family as layout } from "./layout/kernels.js";
export { family as matrices } from "./matrices/kernels.js";
export { family as optimiser } from "./optimiser/kernels.js";
export { family as reductions } from "./reductions/kernels.js";
export { family as sequences } from "./sequences/kernels.js";
