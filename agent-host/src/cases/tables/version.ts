import { randomBytes } from "node:crypto";

/** Never the same twice, so that whoever reads it back knows its own write from another's. */
export const newVersion = (): string => randomBytes(9).toString("base64url");
