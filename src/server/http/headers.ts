import type { MiddlewareHandler } from "hono";
import { secureHeaders } from "hono/secure-headers";

/**
 * Sets headers that limit pages to this server: they forbid scripts, connections and frames of other servers.
 * Inline styles are allowed, because charts are SVG with inline styles. WebAssembly is allowed for models in
 * the page.
 */
function pageHeaders(): MiddlewareHandler {
  return secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'", "'wasm-unsafe-eval'"],
      styleSrc: ["'self'", "'unsafe-inline'"],
      imgSrc: ["'self'", "blob:", "data:"],
      mediaSrc: ["'self'", "blob:"],
      fontSrc: ["'self'"],
      connectSrc: ["'self'", "blob:"],
      workerSrc: ["'self'", "blob:"],
      manifestSrc: ["'self'"],
      baseUri: ["'none'"],
      formAction: ["'self'"],
      frameAncestors: ["'none'"],
    },
    crossOriginOpenerPolicy: "same-origin",
    crossOriginResourcePolicy: "same-origin",
    crossOriginEmbedderPolicy: "require-corp",
    // with "no-referrer", the form of /sign-in would have no origin
    referrerPolicy: "same-origin",
    permissionsPolicy: { camera: ["self"], microphone: ["self"], geolocation: [] },
    strictTransportSecurity: false,
    xFrameOptions: "DENY",
  });
}

/** Headers of data: a browser must not show it as a page, guess its type, or give it to another site. */
const DATA_HEADERS = {
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "cross-origin-resource-policy": "same-origin",
  "x-content-type-options": "nosniff",
} as const;

/** Data of the API. /v1/packages/ has scripts of pages. */
const DATA = /^\/(v1\/(?!packages\/)|healthz$|readyz$|metrics$|openapi\.json$)/;

/** Sets the headers of pages, of their files, and of the responses of the API. */
export function answerHeaders(): MiddlewareHandler {
  const asPage = pageHeaders();
  return async (context, next) => {
    if (!DATA.test(context.req.path)) return asPage(context, next);
    await next();
    for (const [name, value] of Object.entries(DATA_HEADERS)) context.res.headers.set(name, value);
    return undefined;
  };
}
