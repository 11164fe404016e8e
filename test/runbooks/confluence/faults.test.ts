import { afterAll, afterEach, describe, expect, it } from "vitest";
import { confluence } from "../../support/confluence/server.ts";
import { selfSigned } from "../../support/http/certificate.ts";
import { answer, type Fault, httpFaults, refusal } from "../../support/http/faults.ts";
import { closeServers, refusedAddress, sendJson, startServer } from "../../support/http/server.ts";
import { cleanupRecordings } from "../../support/recording.ts";
import { ask, asked, confluenceServer, LATENCY } from "./ask.ts";

afterEach(closeServers);
afterAll(cleanupRecordings);

const DEADLINE_MS = 4_000;
/** An answer may take this long; what hangs is found out well before the deadline of the call. */
const PATIENCE = { ONCALL_RUNBOOKS_CONFLUENCE_TIMEOUT_SECONDS: "0.4" };
const good = confluence({ kind: "cloud", pages: [LATENCY] });

const FAULTS: readonly Fault[] = [
  ...httpFaults({
    url: "ONCALL_RUNBOOKS_CONFLUENCE_URL",
    credentials: "ONCALL_RUNBOOKS_CONFLUENCE_TOKEN",
    ca: "ONCALL_RUNBOOKS_CONFLUENCE_CA_FILE",
    seconds: "0.4",
  }),
  {
    when: "has no such path (404)",
    handler: refusal(404),
    reason: "bad_response",
    says: /path prefix in ONCALL_RUNBOOKS_CONFLUENCE_URL/,
  },
  {
    when: "refuses the query (400 with its own words)",
    handler: refusal(400, {}, { statusCode: 400, message: "The value 'OPS' does not exist for the field 'space'." }),
    reason: "bad_response",
    says: /\(400: The value 'OPS' does not exist.*\); check ONCALL_RUNBOOKS_CONFLUENCE_SPACES/,
  },
  {
    when: "wants a CAPTCHA to be solved (403)",
    handler: refusal(403, { "x-authentication-denied-reason": "CAPTCHA_CHALLENGE; login-url=https://x" }),
    reason: "forbidden",
    says: /CAPTCHA.*log in to it once/,
  },
  {
    when: "sends pages of another shape",
    handler: answer('{"results":[{"id":"1","type":"page","title":7}]}'),
    reason: "bad_response",
    says: /another shape than Confluence: results\.0\.title.*\/wiki/,
  },
];

describe("read_runbook of a Confluence that", () => {
  it.each(FAULTS)("$when could not look, and names backend, cause and cure in time", async (fault) => {
    const { url } = await startServer(fault.handler, fault.tls);
    const server = await confluenceServer(`${url}/wiki`, {
      ...PATIENCE,
      ...(fault.isLong ? { ONCALL_RUNBOOKS_CONFLUENCE_TIMEOUT_SECONDS: "3" } : {}),
    });
    const { isError, structured } = await ask(server, asked, DEADLINE_MS);
    expect(isError).toBe(true);
    expect(structured).toMatchObject({ outcome: "could_not_look", reason: fault.reason });
    expect(structured["message"]).toContain(`Confluence at ${url}/wiki`);
    expect(structured["message"]).toMatch(fault.says);
    await server.close?.();
  });

  it("refuses the connection could not look, and that is what is said", async () => {
    const url = await refusedAddress();
    const { structured } = await ask(await confluenceServer(`${url}/wiki`), asked, DEADLINE_MS);
    expect(structured).toMatchObject({ outcome: "could_not_look", reason: "unreachable" });
    expect(structured["message"]).toMatch(
      /refused the connection; see whether it is up, and check ONCALL_RUNBOOKS_CONFLUENCE_URL/,
    );
  });

  it("shows a certificate of the authority that is configured is believed", async () => {
    const tls = selfSigned();
    const { url } = await startServer(good, tls);
    const server = await confluenceServer(`${url}/wiki`, { ONCALL_RUNBOOKS_CONFLUENCE_CA: tls.cert });
    expect((await ask(server, asked)).structured).toMatchObject({ outcome: "found" });
    await server.close?.();
  });

  it("recovers within a moment is asked again, and answers", async () => {
    let count = 0;
    const { url, received } = await startServer((request, response) => {
      count++;
      if (count === 1) return response.destroy();
      if (count === 2) return sendJson(response, 503, {});
      return good(request, response);
    });
    const { structured } = await ask(await confluenceServer(`${url}/wiki`), asked);
    expect(structured).toMatchObject({ outcome: "found" });
    expect(received).toHaveLength(4);
  });

  it("asks to be left alone for a second is left alone for a second", async () => {
    const times: number[] = [];
    const { url } = await startServer((request, response) => {
      times.push(performance.now());
      if (times.length === 1) return sendJson(response, 429, {}, { "retry-after": "1" });
      return good(request, response);
    });
    const { structured } = await ask(await confluenceServer(`${url}/wiki`), asked);
    expect(structured).toMatchObject({ outcome: "found" });
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThan(990);
  });

  it("hangs costs one wait, and after some of them the next call hardly any", async () => {
    const { url, received } = await startServer(() => {});
    const server = await confluenceServer(`${url}/wiki`, PATIENCE);
    for (let call = 0; call < 3; call++) await ask(server, asked);
    const requests = received.length;
    const { structured: last } = await ask(server, asked);
    expect(received).toHaveLength(requests);
    expect(last["message"]).toMatch(/is not asked for now, after failures in a row: .*did not answer/);
  });

  it("hangs is let go of when the call is cancelled", async () => {
    let closed = 0;
    const { url } = await startServer((_, response) => response.once("close", () => closed++));
    const { structured } = await ask(await confluenceServer(`${url}/wiki`), asked, 300);
    expect(structured).toMatchObject({ outcome: "could_not_look", reason: "timed_out" });
    await expect.poll(() => closed).toBe(1);
  });

  it("always says that there is more is not asked for ever", async () => {
    const page = {
      id: "1",
      type: "page",
      title: "T",
      space: { key: "OPS" },
      version: { number: 1, when: "2026-01-01T00:00:00Z" },
    };
    const { url, received } = await startServer((_, response) =>
      sendJson(response, 200, { results: [page], _links: { next: "/rest/api/content/search?cursor=again" } }),
    );
    await ask(await confluenceServer(`${url}/wiki`), asked);
    expect(received.length).toBe(3);
  });
});
