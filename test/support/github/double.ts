/** A GitHub of our own on loopback: real git behind the REST routes that we ask, held to GitHub's description. */
import { writeFileSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { join } from "node:path";
import { type Handler as HttpHandler, type Received, sendJson, startServer, type TestServer } from "../http/server.ts";
import { answerProblem, filled, operationOf, requestProblem } from "./description.ts";
import { answerGraphql } from "./graphql/answer.ts";
import { Made, Raw } from "./handler.ts";
import { READING } from "./reading.ts";
import { type DoubleRepo, Refused, type TokenHolder, World } from "./world.ts";
import { WRITING } from "./writing.ts";

export const PREFIX = "/api/v3";
/** An Enterprise Server has GraphQL beside its REST API. */
const GRAPHQL = "/api/graphql";
const ROUTES = { ...READING, ...WRITING };

export interface GitHubDouble {
  /** As ONCALL_GIT_GITHUB_URL takes it. */
  readonly url: string;
  readonly world: World;
  readonly received: TestServer["received"];
  /** What did not fit GitHub's description, of requests or of answers. Must be empty at the end of a test. */
  readonly problems: readonly string[];
  /** Answers in place of the double where it gives true. */
  intercept: ((request: Received, response: ServerResponse) => boolean) | undefined;
  /** Takes over a bare repository that is there. */
  add(owner: string, name: string, dir: string, more?: Partial<DoubleRepo>): DoubleRepo;
  token(token: string, holder: TokenHolder): string;
  /** The routes that were asked, less the prefix. */
  asked(): string[];
}

/** A fork sees its upstream's objects, as GitHub's forks do. */
export function shareObjects(fork: string, upstream: string): void {
  writeFileSync(join(fork, "objects/info/alternates"), `${join(upstream, "objects")}\n`);
}

export async function startGitHub(): Promise<GitHubDouble> {
  const world = new World();
  const problems: string[] = [];
  const note = (problem: string | undefined) => {
    if (problem !== undefined) problems.push(problem);
    return problem;
  };

  const answerQuery: HttpHandler = ({ headers, body }, response) => {
    const told = Promise.resolve().then(() => answerGraphql(world, world.caller(headers.authorization), body));
    told.then(
      (json) => {
        // A query that GitHub's schema does not have is a mistake of ours; a refusal is none.
        const { errors = [] } = json as { errors?: readonly { message: string; type?: string }[] };
        for (const { type, message } of errors) if (type === undefined) note(`GraphQL: ${message}`);
        sendJson(response, 200, json, JSON_TYPE);
      },
      (error: unknown) => {
        if (error instanceof Refused) return sendJson(response, error.status, error.body, JSON_TYPE);
        note(`GraphQL: ${error instanceof Error ? error.stack : error}`);
        return sendJson(response, 500, { message: "Server Error" });
      },
    );
  };

  const answer: HttpHandler = (request, response) => {
    const { method, url, body, headers } = request;
    if (double.intercept?.(request, response)) return;
    const path = url.pathname;
    if (method === "POST" && path === GRAPHQL) return answerQuery(request, response);
    const operation = path.startsWith(PREFIX) ? operationOf(method, path.slice(PREFIX.length)) : undefined;
    const handler = operation && ROUTES[operation.route];
    if (!operation || !handler) {
      note(`GitHub has no ${method} ${path}`);
      return sendJson(response, 404, { message: "Not Found" });
    }
    const { route, params } = operation;
    const wrong = note(requestProblem(operation, { query: url.searchParams, body }));
    if (wrong) return sendJson(response, 400, { message: wrong });
    try {
      const caller = world.caller(headers.authorization);
      const given = body === "" ? {} : (JSON.parse(body) as Record<string, unknown>);
      const told = handler({ world, caller, params, query: url.searchParams, headers, body: given });
      if (told instanceof Raw) {
        response.writeHead(200, { "content-type": "application/vnd.github.diff; charset=utf-8", ...scopes(caller) });
        return response.end(told.text);
      }
      const status = told instanceof Made ? told.status : 200;
      if (status === 204) return response.writeHead(204, scopes(caller)).end();
      const json = filled(route, status, told instanceof Made ? told.json : told);
      note(answerProblem(route, status, json));
      return sendJson(response, status, json, { ...JSON_TYPE, ...scopes(caller) });
    } catch (error) {
      if (!(error instanceof Refused)) {
        note(`${route}: ${error instanceof Error ? error.stack : error}`);
        return sendJson(response, 500, { message: "Server Error" });
      }
      note(answerProblem(route, error.status, error.body));
      return sendJson(response, error.status, error.body, { ...JSON_TYPE, ...error.headers });
    }
  };

  const server = await startServer(answer);
  const double: GitHubDouble = {
    ...{ url: `${server.url}${PREFIX}`, world, received: server.received, problems, intercept: undefined },
    add: (owner, name, dir, more = {}) => {
      const common = { private: true, archived: false, drafts: true, labels: new Set<string>() };
      const repo = { id: 1_000 + world.repos.length, owner, name, dir, ...common, ...more };
      world.repos.push(repo);
      return repo;
    },
    token: (token, holder) => {
      world.tokens.set(token, holder);
      return token;
    },
    asked: () =>
      server.received.map(({ method, url }) => `${method} ${url.pathname.slice(PREFIX.length)}${url.search}`),
  };
  return double;
}

const JSON_TYPE = { "content-type": "application/json; charset=utf-8" };

/** Of classic tokens GitHub tells the scopes, of others nothing. */
const scopes = (caller: ReturnType<World["caller"]>): Record<string, string> =>
  caller.kind === "token" && caller.holder.kind === "classic"
    ? { "x-oauth-scopes": (caller.holder.scopes ?? []).join(", ") }
    : {};
