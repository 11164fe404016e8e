import { gzipSync } from "node:zlib";
import { CouldNotLook } from "@oncall-copilot/core";
import { couldNotLookIn, fetchThrough, type HttpBackend, httpClient } from "@oncall-copilot/core/backend";
import { afterEach, describe, expect, it } from "vitest";
import { closeServers, refusedAddress, sendJson, startServer } from "../../support/http/server.ts";

afterEach(closeServers);

const variables = { url: "ONCALL_X_URL", credentials: "ONCALL_X_TOKEN", ca: "ONCALL_X_CA_FILE" };
const abort = () => new AbortController().signal;
const clientOf = (url: string, more: Partial<HttpBackend> = {}) =>
  httpClient({
    ...{ name: "X", url: new URL(url), variables, env: {}, headers: () => ({ authorization: "Bearer s3cret" }) },
    ...more,
  });
const fetchOf = (url: string) => fetchThrough(clientOf(url), { base: new URL(url), abort: abort() });

describe("a fetch for a vendor's client", () => {
  it("gives status, headers and an unpacked body as the backend sent them, refusals too", async () => {
    const { url } = await startServer((_, response) => {
      response.writeHead(404, { "content-encoding": "gzip", "x-told": "yes" }).end(gzipSync('{"message":"no"}'));
    });
    const answer = await fetchOf(url)(`${url}/repos/a%2Fb?page=2`);
    expect([answer.status, answer.headers.get("x-told"), await answer.json()]).toEqual([404, "yes", { message: "no" }]);
  });

  it("keeps a path as it is escaped, and its query", async () => {
    const { url, received } = await startServer((_, response) => sendJson(response, 200, {}));
    await fetchOf(`${url}/api`)(`${url}/api/refs/heads%2Fmain?per_page=100&q=a%20b`);
    const { url: asked } = received[0] ?? { url: new URL(url) };
    expect([asked.pathname, asked.searchParams.get("per_page"), asked.searchParams.get("q")]).toEqual([
      "/api/refs/heads%2Fmain",
      "100",
      "a b",
    ]);
  });

  it("asks no other host, no other port, and nothing beside its path", async () => {
    const [other, own] = [
      await startServer((_, response) => sendJson(response, 200, {})),
      await startServer((_, response) => sendJson(response, 200, {})),
    ];
    const ask = fetchOf(`${own.url}/api/v3`);
    for (const place of [`${other.url}/api/v3/x`, `${own.url}/api/v3evil`, `${own.url}/elsewhere`]) {
      await expect(ask(place)).rejects.toThrow(/was held back/);
    }
    expect([...other.received, ...own.received]).toEqual([]);
  });

  it("sends nothing to a host that a path begins with", async () => {
    const [other, own] = [
      await startServer((_, response) => sendJson(response, 200, {})),
      await startServer((_, response) => sendJson(response, 200, {})),
    ];
    const place = new URL(other.url).host;
    await fetchOf(own.url)(`${own.url}//${place}/steal`);
    await clientOf(own.url).ask({ path: `//${place}/steal`, abort: abort() });
    expect(other.received).toEqual([]);
    expect(own.received.map(({ headers }) => headers.authorization)).toEqual(["Bearer s3cret", "Bearer s3cret"]);
  });

  it("repeats what only reads, and never what writes", async () => {
    const { url, received } = await startServer((_, response) => sendJson(response, 503, {}));
    const ask = fetchOf(url);
    expect((await ask(`${url}/a`)).status).toBe(503);
    expect(received).toHaveLength(3);
    expect((await ask(`${url}/b`, { method: "POST", body: "{}" })).status).toBe(503);
    expect(received).toHaveLength(4);
  });

  it("fails as the backend's other requests do, and is found again in a vendor's wrapper", async () => {
    const url = await refusedAddress();
    const error = await fetchOf(url)(`${url}/a`).catch((thrown: unknown) => thrown);
    const wrapped = new Error("request failed", { cause: new TypeError("fetch failed", { cause: error }) });
    expect(couldNotLookIn(wrapped)).toBeInstanceOf(CouldNotLook);
    expect(couldNotLookIn(wrapped)?.message).toMatch(/refused the connection/);
    expect(couldNotLookIn(new Error("other"))).toBeUndefined();
  });
});

describe("a signature", () => {
  it("is made of the whole request, anew for each attempt, and sent with it", async () => {
    const { url, received } = await startServer((_, response) =>
      sendJson(response, received.length === 1 ? 503 : 200, {}),
    );
    let count = 0;
    const sign = async ({ method, url: asked, body }: Parameters<NonNullable<HttpBackend["sign"]>>[0]) => {
      count++;
      return { "x-signed": `${count} ${method} ${asked.pathname}${asked.search} ${String(body)}` };
    };
    const query = new URLSearchParams({ a: "1" });
    await clientOf(url, { sign }).ask({ path: "/q", method: "POST", query, body: "b", abort: abort() });
    expect(received.map(({ headers }) => headers["x-signed"])).toEqual(["1 POST /q?a=1 b", "2 POST /q?a=1 b"]);
  });
});
