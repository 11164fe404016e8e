import { z } from "zod";
import { COULD_NOT_LOOK_REASONS } from "../outcome.ts";

/**
 * What kind of gap it is. A call that could not look has the reason of {@link COULD_NOT_LOOK_REASONS}; besides:
 *
 * - `nothing_found`: it looked and found nothing
 * - `partial`: an answer that could not see some of what was asked
 * - `unverified`: evidence whose receipt does not verify
 * - `not_granted`: the scopes that are granted leave it out
 * - `lost_edge`: a dependency of the catalog that leads to nothing that is there
 * - `missing_edge`: a dependency that a log tells of and the catalog lacks
 * - `alert`: something of the alert itself that is missing or was left out
 * - `decided`: what is not proposed again, since people have decided on it before
 * - `audit`, `signature`: what could not be written down, or signed
 */
export const GAP_CODES = [
  ...COULD_NOT_LOOK_REASONS,
  "nothing_found",
  "partial",
  "unverified",
  "not_granted",
  "lost_edge",
  "missing_edge",
  "alert",
  "decided",
  "audit",
  "signature",
] as const;

export const Gap = z.strictObject({
  server: z.string(),
  tool: z.string().nullable(),
  code: z.enum(GAP_CODES),
  /** Catalog names of what could not be seen, where it was asked for by name. */
  about: z.array(z.string()),
  /** What could not be seen. */
  what: z.string(),
  why: z.string(),
});
export type Gap = z.infer<typeof Gap>;
