import axe from "axe-core";
import type { Page } from "playwright-core";
import { within } from "../within.js";

declare global {
  /** axe-core inside the page, after it was injected. */
  var axeInPage: typeof axe;
}

/** Runs axe-core on a page. Returns the violated rules, each with its first elements. */
export async function axeFaults(page: Page): Promise<string[]> {
  await page.evaluate(`${axe.source}; globalThis.axeInPage = axe;`);
  // the details of passed rules take most of the time
  const { violations } = await within(
    `axe-core on ${page.url()}`,
    page.evaluate(() => axeInPage.run(document, { resultTypes: ["violations"] })),
  );
  return violations.map(
    ({ id, nodes }) =>
      `${id}: ${nodes
        .slice(0, 5)
        .map(({ html }) => html.slice(0, 120))
        .join(" | ")}`,
  );
}
