import { z } from "zod";

/** A right that a cloud refused, as its own words name it. */
export const RefusedRight = z.strictObject({
  role: z.string().describe("such as shop-shipping"),
  action: z.string().describe("such as s3:PutObject"),
  resource: z.string().describe("the ARN that was asked for"),
});
export type RefusedRight = z.output<typeof RefusedRight>;

/**
 * AWS's message for a denied call: `User: arn:aws:sts::…:assumed-role/ROLE/SESSION is not authorized to perform: ACTION on resource: ARN
 * because no identity-based policy allows the ACTION action` (IAM User Guide, "Troubleshoot access denied error messages").
 */
const AWS =
  /(?:assumed-role|role|user)\/([\w+=,.@-]+)[^\n]*? is not authorized to perform: ([a-z0-9-]+:[A-Za-z]+) on resource: "?(arn:[^\s"]+?)"?(?=[\s,;]|$)/;

export function refusedRight(message: string): RefusedRight | undefined {
  const [, role, action, resource] = AWS.exec(message) ?? [];
  return role && action && resource ? { role, action, resource } : undefined;
}
