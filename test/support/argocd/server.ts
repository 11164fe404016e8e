/** A double of Argo CD's API server over a real socket, held to Argo CD's own description of it. */
import { type Handler, type Received, sendJson, startServer, type TestServer } from "../http/server.ts";
import type { Application, Managed } from "./application.ts";
import { ARGOCD_VERSION, type Route, wrongWithAnswer, wrongWithQuery } from "./openapi/contract.ts";
import { allows, type Policy } from "./policy.ts";

export const TOKEN = "a.project-role.token";
export const READER: Policy = ["p, proj:shop:oncall-reader, applications, get, shop/*, allow"];
/** What the account service takes for resources and actions (`util/rbac/rbac.go`). */
const RESOURCES =
  "clusters,projects,applications,applicationsets,repositories,write-repositories,certificates,accounts,gpgkeys,logs,exec,extensions".split(
    ",",
  );
const ACTIONS = "get,create,update,delete,sync,override,action,invoke,rollback".split(",");
const CONTROL_PLANE = "argocd";

export interface ArgoCdOptions {
  readonly applications?: readonly Application[];
  /** By the application's name. */
  readonly managed?: Readonly<Record<string, readonly Managed[]>>;
  /** What the resource tree holds, by the application's name. */
  readonly nodes?: Readonly<Record<string, readonly object[]>>;
  readonly policy?: Policy;
  /** `/argo` when it stands under a path prefix. */
  readonly rootPath?: string;
  readonly actions?: readonly string[];
}

export interface ArgoCdDouble extends TestServer {
  /** What differs from the description; must be empty. */
  readonly violations: readonly string[];
}

type Answer = readonly [status: number, body: unknown];
const failure = (status: number, code: number, message: string): Answer => [status, { error: message, code, message }];
const DENIED = failure(403, 7, "permission denied");

export async function startArgoCd(options: ArgoCdOptions = {}): Promise<ArgoCdDouble> {
  const violations: string[] = [];
  const server = await startServer(argoCdHandler(options, violations));
  return { ...server, url: `${server.url}${options.rootPath ?? ""}`, received: server.received, violations };
}

/** The same as a handler, for tests that break it now and then. */
export function argoCdHandler(options: ArgoCdOptions, violations: string[] = []): Handler {
  return (request, response) => {
    const { route, answer } = respond(options, request);
    if (route)
      violations.push(...wrongWithQuery(route, request.url.searchParams), ...wrongWithAnswer(route, ...answer));
    sendJson(response, ...answer);
  };
}

function respond(options: ArgoCdOptions, request: Received): { route?: Route; answer: Answer } {
  const { rootPath = "" } = options;
  const path = request.url.pathname;
  if (!path.startsWith(`${rootPath}/api/`)) return { answer: [404, "404 page not found"] };
  const [, ...parts] = path.slice(rootPath.length).split("/").map(decodeURIComponent);
  if (parts.join("/") === "api/version")
    return { route: "/api/version", answer: [200, { Version: `v${ARGOCD_VERSION}` }] };
  const isKnown = request.headers.authorization === `Bearer ${TOKEN}`;
  const [, , area, name = "", sub] = parts;
  if (area === "session") {
    const who = { loggedIn: true, username: "proj:shop:oncall-reader", iss: "argocd" };
    return { route: "/api/v1/session/userinfo", answer: [200, isKnown ? who : {}] };
  }
  const withSession = (route: Route, answer: () => Answer) => {
    const words = request.headers.authorization ? "invalid session: token is malformed" : "no session information";
    return { route, answer: isKnown ? answer() : failure(401, 16, words) };
  };
  if (area === "account" && name === "can-i") {
    const route = "/api/v1/account/can-i/{resource}/{action}/{subresource}";
    return withSession(route, () => canI(options, parts.slice(4)));
  }
  if (area !== "applications") return { answer: [404, { code: 5, error: "Not Found", message: "Not Found" }] };
  const query = request.url.searchParams;
  if (name === "") return withSession("/api/v1/applications", () => list(options, query));
  if (sub === "managed-resources") {
    const route = "/api/v1/applications/{applicationName}/managed-resources";
    return withSession(route, () => managedOf(options, name, query));
  }
  if (sub === "resource-tree") {
    const route = "/api/v1/applications/{applicationName}/resource-tree";
    return withSession(route, () => {
      const found = find(options, name, query);
      if (Array.isArray(found)) return found as unknown as Answer;
      return [200, selected(options.nodes?.[name] ? { nodes: options.nodes[name] } : {}, query)];
    });
  }
  return withSession("/api/v1/applications/{name}", () => {
    const found = find(options, name, query);
    return Array.isArray(found) ? (found as unknown as Answer) : [200, found];
  });
}

const mayGet = ({ policy = READER }: ArgoCdOptions, { metadata, spec }: Application): boolean => {
  const place = metadata.namespace === CONTROL_PLANE ? "" : `${metadata.namespace}/`;
  return allows(policy, "applications", "get", `${spec.project}/${place}${metadata.name}`);
};

/** Says the same of what is not there and of what may not be seen, unless the project is given (`getAppEnforceRBAC`). */
function find(options: ArgoCdOptions, name: string, query: URLSearchParams): Application | Answer {
  const namespace = query.get("appNamespace") ?? CONTROL_PLANE;
  const project = query.get("project");
  const missing = failure(404, 5, `applications.argoproj.io "${name}" not found`);
  if (project && !allows(options.policy ?? READER, "applications", "get", `${project}/${name}`)) return DENIED;
  const one = options.applications?.find(({ metadata }) => metadata.name === name && metadata.namespace === namespace);
  if (!one) return project ? missing : DENIED;
  if (!mayGet(options, one)) return project ? missing : DENIED;
  return project && one.spec.project !== project ? missing : one;
}

function list(options: ArgoCdOptions, query: URLSearchParams): Answer {
  const labels = (query.get("selector") ?? "").split(",").map((pair) => pair.split("="));
  const items = (options.applications ?? []).filter((one) => {
    const own: Readonly<Record<string, string>> = "labels" in one.metadata ? (one.metadata.labels ?? {}) : {};
    const place = query.get("appNamespace");
    return (
      labels.every(([key = "", value]) => own[key] === value) &&
      (place === null || one.metadata.namespace === place) &&
      mayGet(options, one)
    );
  });
  const body = { metadata: { resourceVersion: "1" }, items: items.length > 0 ? items : null };
  return [200, { ...selected(body, query), metadata: body.metadata }];
}

function managedOf(options: ArgoCdOptions, name: string, query: URLSearchParams): Answer {
  const found = find(options, name, query);
  if (Array.isArray(found)) return found as unknown as Answer;
  const items = (options.managed?.[name] ?? []).filter((item) =>
    (["group", "kind", "namespace", "name"] as const).every((key) => [null, item[key] ?? ""].includes(query.get(key))),
  );
  return [200, selected(items.length > 0 ? { items } : {}, query)];
}

function canI({ policy = READER, actions = ACTIONS }: ArgoCdOptions, asked: readonly string[]): Answer {
  const [resource = "", action = "", ...object] = asked;
  if (!actions.includes(action)) return failure(400, 3, `[${actions.join(" ")}] does not contain ${action}`);
  if (!RESOURCES.includes(resource)) return failure(400, 3, `[${RESOURCES.join(" ")}] does not contain ${resource}`);
  // Rolling back is a synchronization unless it is told apart (server.rbac.rollback.enforce.enable).
  const meant = action === "rollback" ? "sync" : action;
  return [200, { value: allows(policy, resource, meant, object.join("/")) ? "yes" : "no" }];
}

/** `fields=items.metadata.name`: what is named, and no more. */
function selected(body: object, query: URLSearchParams): object {
  const fields = query.get("fields")?.split(",");
  if (!fields) return body;
  const keep = (value: unknown, path: string): unknown => {
    if (Array.isArray(value)) return value.map((item) => keep(item, path));
    if (typeof value !== "object" || value === null) return value;
    const members = Object.entries(value).flatMap(([key, inner]) => {
      const place = path === "" ? key : `${path}.${key}`;
      if (fields.includes(place)) return [[key, inner]];
      return fields.some((field) => field.startsWith(`${place}.`)) ? [[key, keep(inner, place)]] : [];
    });
    return Object.fromEntries(members);
  };
  return keep(body, "") as object;
}
