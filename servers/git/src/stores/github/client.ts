import { setMaxListeners } from "node:events";
import type { OutgoingHttpHeaders } from "node:http";
import { CouldNotLook, Secret } from "@oncall-copilot/core";
import { type BackendNames, couldNotLookIn, fetchThrough, type HttpClient } from "@oncall-copilot/core/backend";
import type { z } from "zod";
import { type Credential, InstallationToken, signedFor } from "./credential.ts";
import { jsonOf, resultOf } from "./graphql.ts";
import { octokitFor } from "./octokit.ts";
import type { Pace } from "./pace.ts";
import { refusalFrom } from "./refusal.ts";

export interface Question<T> {
  /** As GitHub's documentation writes it: `GET /repos/{owner}/{repo}`. */
  readonly route: string;
  /** Filled into the route, else sent: escaped by construction. */
  readonly params?: Readonly<Record<string, unknown>>;
  readonly shape: z.ZodType<T>;
  /** What it is about, for messages. Default: the repository of the parameters. */
  readonly place?: string;
  /** Asked by the App itself, and not by one of its installations. */
  readonly asApp?: boolean;
}

/** A GraphQL mutation that leaves the same when it is sent twice. */
export interface Mutation<T> {
  readonly query: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly shape: z.ZodType<T>;
}

export interface Told<T> {
  readonly data: T;
  readonly headers: Readonly<Record<string, string>>;
}

/** GitHub by one credential. */
export interface GitHub {
  readonly names: BackendNames;
  readonly credential: Credential;
  /** This machine's clock less GitHub's, in milliseconds, as of the last answer. */
  skewMs(): number | undefined;
  ask<T>(question: Question<T>, signal: AbortSignal): Promise<Told<T>>;
  /** A diff, as raw text. */
  text(question: Omit<Question<string>, "shape">, signal: AbortSignal): Promise<string>;
  /** `forbidden` where GitHub does not let this credential do it. */
  mutate<T>(mutation: Mutation<T>, signal: AbortSignal): Promise<T | "forbidden">;
  close(): void;
}

export interface GitHubParts {
  readonly names: BackendNames;
  readonly http: HttpClient;
  /** For GraphQL, which an Enterprise Server has beside its REST API. */
  readonly graphqlHttp: HttpClient;
  readonly api: URL;
  readonly credential: Credential;
  readonly writes: Pace;
  readonly notifications: Pace;
}

/** A token of an installation is renewed when it has this little left. */
const RENEW_MS = 5 * 60_000;

/** Posting these twice leaves what posting them once does: objects are named for their content. */
const REPEATABLE_POST = /\/git\/(?:blobs|trees|commits)$/;

interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly data: unknown;
}

/** Asks GitHub through Octokit, which builds the requests; core's transport carries them. */
export function gitHub({ names, http, graphqlHttp, api, credential, writes, notifications }: GitHubParts): GitHub {
  const baseUrl = api.href.replace(/\/+$/, "");
  let skew: number | undefined;
  let renewed: { readonly token: Secret; readonly until: number } | undefined;

  const send = async (
    question: Omit<Question<unknown>, "shape">,
    token: Secret,
    format: string,
    signal: AbortSignal,
  ) => {
    setMaxListeners(0, signal); // all requests of a call listen to one signal
    const { route, params = {} } = question;
    const transport = fetchThrough(http, {
      base: api,
      abort: signal,
      repeatable: (method, url) => !/^(?:POST|PATCH)$/.test(method) || REPEATABLE_POST.test(url.pathname),
    });
    const octokit = await octokitFor({ baseUrl, fetch: transport, writes, notifications });
    const place = question.place ?? (params["repo"] === undefined ? "this" : `${params["owner"]}/${params["repo"]}`);
    const reading = route.startsWith("GET ");
    const sent = octokit.request(route, {
      ...params,
      headers: {
        accept: `application/vnd.github${format}`,
        authorization: `Bearer ${token.reveal()}`,
        "x-github-api-version": "2022-11-28",
      },
      request: { signal, ...(reading ? { retries: 0 } : {}) },
    });
    const answer = await sent.catch((error: unknown): RawAnswer => {
      if (signal.aborted) throw signal.reason;
      const own = couldNotLookIn(error);
      if (own) throw own;
      const refused = responseIn(error);
      if (!refused) throw error;
      return refused;
    });
    const { status, headers, data } = answer as RawAnswer;
    const told = Date.parse(headers["date"] ?? "");
    if (!Number.isNaN(told)) skew = Date.now() - told;
    if (status === 401) renewed = undefined;
    if (status > 299) {
      const text = typeof data === "string" ? data : JSON.stringify(data ?? null);
      throw refusalFrom({ status, headers, text }, data, { place, names }, Date.now());
    }
    return { headers, data };
  };

  const ask = async <T>(question: Question<T>, token: Secret, signal: AbortSignal): Promise<Told<T>> => {
    const { data, headers } = await send(question, token, "+json", signal);
    return { headers, data: shaped(question.shape, data, names) };
  };

  /** The token to send: as it is, or one for an hour that the App fetches for its installation. */
  const tokenFor = async (asApp: boolean, signal: AbortSignal): Promise<Secret> => {
    if (credential.kind === "token") return credential.token;
    if (asApp) return signedFor(credential);
    if (renewed && renewed.until > Date.now()) return renewed.token;
    const { installationId: installation_id } = credential;
    const question = {
      route: "POST /app/installations/{installation_id}/access_tokens",
      params: { installation_id },
      shape: InstallationToken,
      place: `installation ${installation_id}`,
    };
    const { data } = await ask(question, await signedFor(credential), signal);
    renewed = { token: new Secret(data.token), until: Date.parse(data.expires_at) - RENEW_MS };
    return renewed.token;
  };

  return {
    names,
    credential,
    skewMs: () => skew,
    ask: async (question, signal) => ask(question, await tokenFor(question.asApp ?? false, signal), signal),
    text: async (question, signal) => {
      const { data } = await send(question, await tokenFor(false, signal), ".diff", signal);
      if (data instanceof ArrayBuffer) return Buffer.from(data).toString("utf8");
      if (typeof data === "string") return data;
      throw new CouldNotLook("bad_response", `${names.name} answered with another shape than a diff`);
    },
    mutate: async ({ query, variables, shape }, signal) => {
      const token = await tokenFor(false, signal);
      const answer = await graphqlHttp.send({
        ...{ path: "/graphql", method: "POST", body: JSON.stringify({ query, variables }), abort: signal },
        headers: { authorization: `Bearer ${token.reveal()}`, "content-type": "application/json" },
      });
      const data = jsonOf(answer.text);
      if (answer.status > 299) throw refusalFrom(answer, data, { place: "this", names }, Date.now());
      return resultOf(data, shape, names);
    },
    close: () => {
      http.close();
      graphqlHttp.close();
    },
  };
}

/** GitHub's answer out of Octokit's error. */
function responseIn(error: unknown): RawAnswer | undefined {
  const { status, response } = (error ?? {}) as { status?: unknown; response?: { headers?: object; data?: unknown } };
  if (typeof status !== "number" || response === undefined) return undefined;
  return {
    status,
    headers: { ...(response.headers as OutgoingHttpHeaders) } as Record<string, string>,
    data: response.data,
  };
}

function shaped<T>(shape: z.ZodType<T>, data: unknown, { name, variables }: BackendNames): T {
  if ((typeof data === "string" && data !== "") || data instanceof ArrayBuffer) {
    const what = typeof data === "string" && /^\s*</.test(data) ? "a web page" : "no JSON";
    const cure = `check that ${variables.url} is the API itself and no login page in front of it`;
    throw new CouldNotLook("bad_response", `${name} answered with ${what}`, { cure });
  }
  const parsed = shape.safeParse(data);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue ? `${issue.path.join(".") || "all of it"}: ${issue.message}` : "not valid";
  const cure = `check that ${variables.url} is GitHub's REST API`;
  throw new CouldNotLook("bad_response", `${name} answered with another shape than GitHub: ${where}`, {
    cure,
  });
}
