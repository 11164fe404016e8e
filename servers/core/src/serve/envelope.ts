import { z } from "zod";

/** What every tool's structured answer has around its own data. Errors carry `outcome` and `message` only. */
export function outputEnvelope(output: z.ZodObject): z.ZodObject {
  return z.object({
    outcome: z.enum(["found", "nothing_found"]),
    summary: z.string(),
    searched: z.string().optional(),
    try_next: z.array(z.string()).optional(),
    gaps: z.array(z.string()).optional(),
    ...output.shape,
  });
}
