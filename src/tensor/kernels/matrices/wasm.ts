export { calls as wasm } from "./calls.js";
