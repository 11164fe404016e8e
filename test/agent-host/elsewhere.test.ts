import { CouldNotLook, Secret } from "@oncall-copilot/core";
import { afterEach, describe, expect, it } from "vitest";
import { connectUrl } from "../../agent-host/src/tools/url.ts";
import { selfSigned } from "../support/http/certificate.ts";
import { closeServers, type Handler, refusedAddress, sendJson, startServer } from "../support/http/server.ts";

afterEach(closeServers);

/** What is said when the logs server that runs elsewhere cannot be connected to, its address aside. */
async function failure(url: string): Promise<string> {
  const error = await connectUrl("logs", new URL(`${url}/mcp`), new Secret("a token")).then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(error).toBeInstanceOf(CouldNotLook);
  return String((error as Error).message).replaceAll(`${url}/mcp`, "URL");
}

const answering = async (status: number, body: unknown = { error: "no" }, headers = {}) => {
  const handler: Handler = (_, response) => sendJson(response, status, body, headers);
  return failure((await startServer(handler)).url);
};

describe("a server that runs elsewhere and cannot be connected to", () => {
  it("is named, with its address, when it refuses the connection", async () => {
    expect(await failure(await refusedAddress())).toBe(
      "oncall-logs at URL refused the connection; see whether it is up, and check ONCALL_SERVER_LOGS_URL",
    );
  });

  it("is named when its certificate is of an unknown authority, with the variable that Node reads", async () => {
    const { url } = await startServer((_, response) => response.end(), selfSigned());
    expect(await failure(url)).toBe(
      "oncall-logs at URL shows a certificate of an unknown authority (DEPTH_ZERO_SELF_SIGNED_CERT); put the authority's PEM file in NODE_EXTRA_CA_CERTS",
    );
  });

  it("is named when it has no such name, speaks no TLS, or cuts the connection", async () => {
    expect(await failure("http://no-such-host.invalid")).toMatch(
      /^oncall-logs at URL has a name that is not known \(E\w+\); check ONCALL_SERVER_LOGS_URL$/,
    );
    const { url } = await startServer((_, response) => response.socket?.destroy());
    expect(await failure(url)).toMatch(/^oncall-logs at URL c(?:ut|ould not be)/);
    expect(await failure(url.replace("http:", "https:"))).toMatch(
      /^oncall-logs at URL does not speak TLS as asked \(\w+\); check http or https in ONCALL_SERVER_LOGS_URL$/,
    );
  });

  it.each([
    [401, "did not accept the credential (401); set ONCALL_SERVER_LOGS_TOKEN to one that is valid"],
    [404, "has no such path (404); check the path prefix in ONCALL_SERVER_LOGS_URL"],
    [503, "is not available (503); see whether it is up, then ask again"],
  ])("is named when it answers with %i", async (status, said) => {
    expect(await answering(status)).toBe(`oncall-logs at URL ${said}`);
  });

  it("is quoted when it refuses us, since it says why", async () => {
    expect(await answering(403, { error: "the Host header must be a loopback name" })).toBe(
      'oncall-logs at URL refuses us (403): {"error":"the Host header must be a loopback name"}; check ONCALL_SERVER_LOGS_URL and ONCALL_SERVER_LOGS_TOKEN',
    );
  });

  it("is named when it is something else than an MCP server", async () => {
    const { url } = await startServer((_, response) => {
      response.writeHead(200, { "content-type": "text/html" }).end("<h1>Welcome</h1>");
    });
    expect(await failure(url)).toMatch(
      /^oncall-logs at URL does not speak MCP \(.*text\/html\); check that ONCALL_SERVER_LOGS_URL is the whole address, which ends in \/mcp$/,
    );
  });
});
