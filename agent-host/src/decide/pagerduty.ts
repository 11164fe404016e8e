import { CouldNotLook, type Secret } from "@oncall-copilot/core";
import { type HttpClient, httpClient } from "@oncall-copilot/core/backend";
import { z } from "zod";

/** PagerDuty's REST API, read-only. */
export interface PagerDuty {
  readonly http: HttpClient;
}

/** A click waits for three seconds, of which this is a part. */
const ANSWER_MS = 1_500;

export function pagerDuty({ url, token }: { readonly url: string; readonly token: Secret }): PagerDuty {
  return {
    http: httpClient({
      name: `PagerDuty at ${new URL(url).origin}`,
      variables: { url: "ONCALL_PAGERDUTY_URL", credentials: "ONCALL_PAGERDUTY_TOKEN", ca: "NODE_EXTRA_CA_CERTS" },
      url: new URL(url),
      headers: () => ({
        authorization: `Token token=${token.reveal()}`,
        accept: "application/vnd.pagerduty+json;version=2",
      }),
      ...{ answerMs: ANSWER_MS, connectMs: 1_000, maxBytes: 1_048_576 },
    }),
  };
}

const OnCalls = z.object({
  oncalls: z.array(z.object({ user: z.object({ email: z.string().optional() }) })),
});

/** Whether the person with this address is on call by the schedule, right now. */
export async function isOnCall(
  { http }: PagerDuty,
  schedule: string,
  email: string,
  abort: AbortSignal,
): Promise<boolean> {
  const query = new URLSearchParams([
    ["schedule_ids[]", schedule],
    ["include[]", "users"],
    ["limit", "100"],
  ]);
  const { json } = await http.ask({ path: "/oncalls", query, abort });
  const parsed = OnCalls.safeParse(json);
  if (!parsed.success) throw new CouldNotLook("bad_response", "PagerDuty answered /oncalls with another shape");
  return parsed.data.oncalls.some(({ user }) => user.email?.toLowerCase() === email.toLowerCase());
}
