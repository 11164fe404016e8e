import { briefly, CouldNotLook } from "@oncall-copilot/core";
import type { BackendNames } from "@oncall-copilot/core/backend";
import { z } from "zod";

/** What GraphQL at GitHub answers with status 200, whether it went well or not. */
const Answer = z.object({
  data: z.unknown().optional(),
  errors: z.array(z.object({ type: z.string().optional(), message: z.string().default("") })).optional(),
});

/** The kinds of error by which GitHub says that a credential may not. */
const REFUSED = new Set(["FORBIDDEN", "INSUFFICIENT_SCOPES", "SAML_FAILURE"]);

export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The data of an answer. @throws CouldNotLook for any error but that the credential may not. */
export function resultOf<T>(json: unknown, shape: z.ZodType<T>, { name, variables }: BackendNames): T | "forbidden" {
  const answer = Answer.safeParse(json);
  if (!answer.success) {
    const cure = `check that ${variables.url} is GitHub and no login page in front of it`;
    throw new CouldNotLook("bad_response", `${name} answered GraphQL with another shape`, { cure });
  }
  const [error] = answer.data.errors ?? [];
  if (error) {
    if (REFUSED.has(error.type ?? "")) return "forbidden";
    const said = briefly(error.message.replace(/\s+/g, " "), 300);
    throw new CouldNotLook("bad_response", `${name} refused the request (${error.type ?? "no type"}: ${said})`);
  }
  const parsed = shape.safeParse(answer.data.data);
  if (parsed.success) return parsed.data;
  throw new CouldNotLook("bad_response", `${name} answered GraphQL without what was asked for`);
}
