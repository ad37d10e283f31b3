/** Stands in for linkedom, with which the reports draw in Node: the page has a document already. */
export function parseHTML(): { readonly document: Document } {
  return { document };
}
