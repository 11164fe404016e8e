import { pattern } from "../rule.ts";

/**
 * JSON Web Tokens, signed (three parts) or encrypted (five), also cut off in the signature. A run of token characters is
 * entered only at its left edge, which keeps the time linear.
 */
export const jwt = pattern(
  "jwt",
  /(?:(?<![A-Za-z0-9_-])|(?<=%[0-9A-Fa-f]{2})|(?<=\\[nrt]))eyJ[A-Za-z0-9_-]{8,}\.(?:eyJ)?[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*){0,3}/dg,
);
