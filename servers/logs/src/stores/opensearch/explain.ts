import type { CouldNotLook } from "@oncall-copilot/core";
import type { HttpRefusal } from "@oncall-copilot/core/backend";
import { refusedFor } from "./search.ts";

/** `{"error":{"type","reason","root_cause"},"status"}`, which OpenSearch and Elasticsearch answer with. */
interface Body {
  readonly error?: {
    readonly type?: unknown;
    readonly reason?: unknown;
    readonly root_cause?: readonly { readonly reason?: unknown }[];
  };
}

/** Says what a refusal means where OpenSearch's own words tell more than the status. */
export function explainRefusal(name: string): (refusal: HttpRefusal) => CouldNotLook | undefined {
  return ({ status, body, retryAfterMs }) => {
    // What these statuses mean is said well enough, and told apart, without: the credential, a pause, being down.
    if (status === 401 || status === 502 || status === 503 || status === 504) return undefined;
    if (status === 429 && retryAfterMs !== undefined) return undefined;
    let said: Body;
    try {
      said = JSON.parse(body) as Body;
    } catch {
      return undefined;
    }
    const { type, reason, root_cause: causes } = said?.error ?? {};
    const why = causes?.[0]?.reason ?? reason;
    if (typeof type !== "string" || typeof why !== "string") return undefined;
    return refusedFor(name, status, type, why);
  };
}
