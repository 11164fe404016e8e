import { z } from "zod";

/** What an incident can turn out to be. `other` gets evidence without a guessed fix; `no_fault` gets a clean bill. */
export const FAMILIES = [
  "bad_deployment",
  "config_drift",
  "undersized_hpa",
  "expired_secret",
  "missing_iam_permission",
  "other",
  "no_fault",
] as const;
export const Family = z.enum(FAMILIES);
export type Family = z.infer<typeof Family>;
