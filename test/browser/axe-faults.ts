import axe from "axe-core";
import type { Page } from "playwright-core";

declare global {
  /** What the page has of axe-core, once it was put there. */
  var axeInPage: typeof axe;
}

/** What axe-core finds wrong with a page: rules, and the first elements that break each. */
export async function axeFaults(page: Page): Promise<string[]> {
  await page.evaluate(`${axe.source}; globalThis.axeInPage = axe;`);
  const { violations } = await page.evaluate(() => axeInPage.run(document));
  return violations.map(
    ({ id, nodes }) =>
      `${id}: ${nodes
        .slice(0, 5)
        .map(({ html }) => html.slice(0, 120))
        .join(" | ")}`,
  );
}
