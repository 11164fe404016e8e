import { briefly, CouldNotLook, type CouldNotLookReason } from "@oncall-copilot/core";
import { type BackendNames, type Exchanged, refusalOf } from "@oncall-copilot/core/backend";
import { z } from "zod";

/** GitHub answered with a status that is no success. */
export class GitHubRefusal extends CouldNotLook {
  declare readonly status: number;
  /** GitHub's own words. Untrusted. */
  readonly said: string;

  constructor(
    reason: CouldNotLookReason,
    problem: string,
    told: { status: number; said: string; cure: string | undefined },
  ) {
    super(reason, problem, told);
    this.said = told.said;
  }
}

const Body = z.object({
  message: z.string().default(""),
  errors: z.array(
    z.union([z.string(), z.looseObject({ message: z.string().optional(), code: z.string().optional() })]),
  ),
});

/** GitHub's message with the errors that it lists, on one line. */
export function wordsOf(data: unknown): string {
  const { message, errors } = { message: "", errors: [], ...(typeof data === "object" ? data : {}) };
  const parsed = Body.safeParse({ message, errors: Array.isArray(errors) ? errors : [] });
  if (!parsed.success) return "";
  const details = parsed.data.errors.map((error) =>
    typeof error === "string" ? error : (error.message ?? error.code),
  );
  const words = [parsed.data.message, ...details.filter((text) => text !== undefined)].join(": ");
  return briefly(words.replace(/\s+/g, " "), 300);
}

/** What a request asks of, for the message: `northwind/shop`. */
export interface Asked {
  readonly place: string;
  readonly names: BackendNames;
}

/** The failure that GitHub's answer stands for: who, why, and what to do about it. */
export function refusalFrom(answer: Exchanged, data: unknown, { place, names }: Asked, now: number): GitHubRefusal {
  const { status, headers } = answer;
  const said = wordsOf(data);
  const { name, variables } = names;
  const refused = (reason: CouldNotLookReason, what: string, cure: string) =>
    new GitHubRefusal(reason, `${name} ${what}`, { status, said, cure });
  const header = (key: string) => [headers[key] ?? ""].flat().join(", ");

  if (status === 403 || status === 429) {
    const wait = Number(header("retry-after")) || undefined;
    if (/\bsecondary rate\b|abuse detection/i.test(said)) {
      const cure = `wait ${wait ?? 60} s, then ask again or ask for less`;
      return refused("rate_limited", `gets too many requests at once (${status}, secondary rate limit)`, cure);
    }
    if (header("x-ratelimit-remaining") === "0") {
      const reset = Number(header("x-ratelimit-reset")) * 1000;
      const back = reset > now ? `at ${new Date(reset).toISOString()}` : "within the hour";
      const all = header("x-ratelimit-limit");
      const used = `has answered all ${all === "" ? "" : `${all} `}requests of the hour (${status}, rate limit)`;
      return refused("rate_limited", used, `there are more ${back}; until then ask for less`);
    }
  }
  if (status === 401 && /'(?:Expiration time|Issued at)' claim/.test(said)) {
    return refused("forbidden", `takes this machine's clock for wrong (401: ${said})`, "set the clock");
  }
  if (status === 401 && variables.credentials.includes("APP")) {
    const cure = `check ${variables.credentials}: the key must be one of that App`;
    return refused("forbidden", `did not accept the credential (401: ${said})`, cure);
  }
  if (status === 403 && header("x-github-sso").startsWith("required")) {
    const cure = `authorize the token of ${variables.credentials} for the organisation's single sign-on`;
    return refused("forbidden", `wants single sign-on for ${place} (403)`, cure);
  }
  if (status === 403 && /suspended/i.test(said)) {
    return refused("forbidden", `says that the App is suspended (403: ${said})`, "have the owner unsuspend it");
  }
  if (/archived/i.test(said) && (status === 403 || status === 422)) {
    return refused("forbidden", `keeps ${place} archived, so read-only (${status})`, "unarchive it, if it is in use");
  }
  if (status === 403 && said !== "") {
    const wanted = header("x-accepted-github-permissions");
    const needs = wanted === "" ? "" : `, which needs ${wanted.replaceAll(";", " or ")}`;
    const cure = "give it the role in the server's README, and no more";
    return refused("forbidden", `does not let this credential do that in ${place} (403): ${said}${needs}`, cure);
  }
  if (status === 404 && said !== "") {
    const cure = `check the name, and that ${variables.credentials} may read it`;
    return refused("forbidden", `shows no such thing in ${place} to this credential (404)`, cure);
  }
  if ((status === 301 || status === 307 || status === 308) && /^Moved/.test(said)) {
    const cure = "give it by its new name";
    return refused("bad_response", `has ${place} under another name (${status})`, cure);
  }
  if ((status === 409 || status === 422) && said !== "") {
    return refused("bad_response", `refused the request (${status}: ${said})`, "its words say why");
  }
  const { reason, problem, tryNext } = refusalOf(answer, names, now);
  return new GitHubRefusal(reason, problem, { status, said, cure: tryNext[0] });
}
