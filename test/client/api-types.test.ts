import { join } from "node:path";
import { format, resolveConfig } from "prettier";
import { expect, it } from "vitest";
import { toyModel, toyServer } from "../../src/server/testing/toy-server.js";
import { root } from "../run-euar.js";
import { apiTypes } from "./api-types.js";

it("the types of euar/client follow the OpenAPI document (npm run client:types)", async () => {
  const { app } = await toyServer(await toyModel());
  const document: unknown = await (await app.request("/openapi.json")).json();
  const file = join(root, "src", "client", "api-types.generated.ts");
  const options = { ...(await resolveConfig(file)), parser: "typescript" };
  await expect(await format(apiTypes(document), options)).toMatchFileSnapshot(file);
});
