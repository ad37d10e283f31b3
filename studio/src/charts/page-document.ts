/** Replaces linkedom, with which reports draw charts in Node. The page already has a document. */
export function parseHTML(): { readonly document: Document } {
  return { document };
}
