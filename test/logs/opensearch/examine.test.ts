import type { ServerDefinition } from "@oncall-copilot/core/server";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { refusal } from "../../support/http/faults.ts";
import { closeServers, type Handler, refusedAddress, sendJson, startServer } from "../../support/http/server.ts";
import { cleanupRecordings, logLine } from "../../support/recording.ts";
import { logsServer, pretendOpenSearch } from "./pretend.ts";

afterEach(closeServers);
afterAll(cleanupRecordings);

const documents = [logLine(-2, "checkout", "info", "older"), logLine(4.8, "storefront", "info", "newest")];
const look = (server: ServerDefinition, service?: string) =>
  server.examine?.({ signal: AbortSignal.timeout(5_000), service, mayWake: false });
const examined = async (others: Handler, service?: string) => {
  const { url, received } = await startServer(pretendOpenSearch({ documents, others }));
  const findings = (await look(await logsServer(url), service)) ?? [];
  return { findings, received, url };
};
/** The answer of `GET /_plugins/_security/authinfo` as OpenSearch's documentation has it. */
const authinfo =
  (roles: readonly string[]): Handler =>
  (request, response) =>
    request.url.pathname === "/_plugins/_security/authinfo"
      ? sendJson(response, 200, {
          ...{ user: "User [name=oncall, backend_roles=[], requestedTenant=null]", user_name: "oncall" },
          ...{
            user_requested_tenant: null,
            remote_address: "127.0.0.1:1",
            backend_roles: [],
            custom_attribute_names: [],
          },
          ...{ roles, tenants: { oncall: true }, principal: null, peer_certificates: "0", sso_logout_url: null },
        })
      : refusal(404)(request, response);
const nothing: Handler = ({ url, method }, response) =>
  sendJson(response, 400, { error: `no handler found for uri [${url.pathname}] and method [${method}]` });

describe("the check-up of an OpenSearch", () => {
  it("says how old the newest line of the catalog's services is, and by whom", async () => {
    const { findings, url } = await examined(nothing);
    expect(findings.map(({ check, status }) => `${check} ${status}`)).toEqual([
      ...["reachable ok", "authenticated ok", "data ok", "privilege warning"],
    ]);
    expect(findings[2]).toMatchObject({
      backend: `OpenSearch at ${url}`,
      message: "storefront's newest log line is 12 s old",
    });
    expect(findings[3]?.message).toMatch(/no security of its own: whoever reaches it can write and delete/);
  });

  it("looks for the service that is named, and fails where it has no line", async () => {
    expect((await examined(nothing, "checkout")).findings[2]?.message).toBe("checkout's newest log line is 7 min old");
    const { findings } = await examined(nothing, "pricing");
    expect(findings[2]).toMatchObject({
      check: "data",
      status: "failure",
      message: "logs-* has no log line of pricing",
    });
    expect(findings[2]?.cure).toMatch(/oncall\/logs-service/);
  });

  it.each([
    [["all_access"], "warning", /oncall has the role all_access: it can write, delete and administer everything/],
    [["own_index", "readall"], "warning", /readall: it can read every index/],
    [
      ["oncall_logs_reader", "own_index"],
      "unknown",
      /has the role oncall_logs_reader; OpenSearch tells nobody but its admin/,
    ],
  ])("judges a user with the roles %j", async (roles, status, says) => {
    const { findings } = await examined(authinfo(roles));
    expect(findings[3]).toMatchObject({ check: "privilege", status });
    expect(findings[3]?.message).toMatch(says);
    expect(findings[3]?.cure).toMatch(/oncall_logs_reader/);
  });

  const elasticsearch =
    (rights: Readonly<Record<string, Readonly<Record<string, boolean>>>>, manage = false): Handler =>
    (request, response) =>
      request.url.pathname === "/_security/user/_has_privileges"
        ? sendJson(response, 200, {
            ...{ username: "oncall", has_all_requested: false, application: {} },
            cluster: { manage, manage_security: false },
            index: rights,
          })
        : nothing(request, response);
  const none = { index: false, create: false, create_doc: false, delete: false, write: false, delete_index: false };

  it.each([
    [{ "logs-*": none, "logs-1": none }, false, "ok", /can read, and not write/],
    [{ "logs-*": none, "logs-1": { ...none, index: true } }, false, "warning", /can also index$/],
    [{ "logs-*": { ...none, write: true }, "logs-1": none }, true, "warning", /can also manage \(cluster\), write/],
    [{ "logs-*": none }, false, "unknown", /told of logs-\* as a whole only/],
  ])("asks an Elasticsearch what the user may do: %j, %s", async (rights, manage, status, says) => {
    const { findings, received } = await examined(elasticsearch(rights, manage));
    expect(findings[3]).toMatchObject({ check: "privilege", status });
    expect(findings[3]?.message).toMatch(says);
    const asked = received.find(({ url }) => url.pathname === "/_security/user/_has_privileges");
    const [{ names, privileges }] = JSON.parse(asked?.body ?? "").index;
    expect(names).toEqual(["logs-*", "logs-1"]);
    expect(privileges).toEqual(expect.arrayContaining(Object.keys(none)));
  });

  it("writes nothing: every request of it only reads", async () => {
    const { received } = await examined(authinfo(["x"]));
    const asked = received.map(({ method, url }) => `${method} ${url.pathname.replace(/field\/.*/, "field")}`);
    expect(asked).toEqual([
      ...["GET /logs-*/_mapping/field", "POST /logs-*/_search", "GET /_plugins/_security/authinfo"],
    ]);
  });

  it.each([
    ["refuses the credential", refusal(401), ["reachable ok", "authenticated failure"]],
    [
      "does not let it read",
      refusal(403, {}, { error: { type: "security_exception", reason: "no permissions" }, status: 403 }),
      ["reachable ok", "authenticated ok", "data failure"],
    ],
    ["is down", refusal(503), ["reachable failure"]],
    [
      "has no such index",
      pretendOpenSearch({ documents, mapping: {} }),
      ["reachable ok", "authenticated ok", "data failure"],
    ],
  ])("stops at the first check that fails, where it %s", async (_, handler, checks) => {
    const { url } = await startServer(handler);
    const findings = (await look(await logsServer(url))) ?? [];
    expect(findings.map(({ check, status }) => `${check} ${status}`)).toEqual(checks);
    expect(findings.at(-1)?.cure).toBeTruthy();
  });

  it("names who refused the connection", async () => {
    const url = await refusedAddress();
    const [finding, ...more] = (await look(await logsServer(url))) ?? [];
    expect(more).toEqual([]);
    expect(finding).toMatchObject({ check: "reachable", status: "failure", backend: `OpenSearch at ${url}` });
  });

  it("warns where no index has a level to count by", async () => {
    const mapping = { "@timestamp": { type: "date" }, "service.name": { type: "keyword" }, message: { type: "text" } };
    const { url } = await startServer(pretendOpenSearch({ documents, mapping, others: nothing }));
    const findings = (await look(await logsServer(url))) ?? [];
    expect(findings.find(({ message }) => message.includes("log.level"))).toMatchObject({
      check: "data",
      status: "warning",
    });
  });
});
