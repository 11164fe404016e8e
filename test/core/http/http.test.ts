import { createServer as createProxy } from "node:http";
import { connect } from "node:net";
import { gzipSync } from "node:zlib";
import { CouldNotLook } from "@oncall-copilot/core";
import { type HttpBackend, HttpRefusal, httpClient } from "@oncall-copilot/core/backend";
import { afterEach, describe, expect, it } from "vitest";
import { Circuit } from "../../../core/src/backend/http/circuit.ts";
import { readRetryAfter } from "../../../core/src/backend/http/failure.ts";
import { Gate } from "../../../core/src/backend/http/gate.ts";
import { proxyFor } from "../../../core/src/backend/http/proxy.ts";
import { selfSigned } from "../../support/http/certificate.ts";
import { closeServers, type Handler, listen, sendJson, startServer } from "../../support/http/server.ts";

afterEach(closeServers);

const abort = () => new AbortController().signal;
const variables = { url: "ONCALL_X_URL", credentials: "ONCALL_X_TOKEN", ca: "ONCALL_X_CA_FILE" };
const clientOf = (url: string, more: Partial<HttpBackend> = {}) =>
  httpClient({ name: `X at ${url}`, url: new URL(url), variables, env: {}, ...more });
const ok: Handler = (_, response) => sendJson(response, 200, { ok: true });

describe("asking a backend over HTTP", () => {
  it("unpacks what is compressed, and tells how far the clocks are apart", async () => {
    const { url } = await startServer((_, response) => {
      const headers = { "content-encoding": "gzip", date: new Date(Date.now() + 60_000).toUTCString() };
      response.writeHead(200, headers).end(gzipSync('{"ok":true}'));
    });
    const { json, skewMs } = await clientOf(url).ask({ path: "/a", abort: abort() });
    expect(json).toEqual({ ok: true });
    expect(Math.abs((skewMs ?? 0) + 60_000)).toBeLessThan(2_000);
  });

  it("asks no more at once than it may", async () => {
    let [running, most] = [0, 0];
    const { url } = await startServer((_, response) => {
      running++;
      most = Math.max(most, running);
      setTimeout(() => {
        running--;
        sendJson(response, 200, {});
      }, 20);
    });
    const client = clientOf(url, { atOnce: 3 });
    await Promise.all(Array.from({ length: 12 }, () => client.ask({ path: "/", abort: abort() })));
    expect(most).toBe(3);
  });

  it("never asks twice what must not be repeated", async () => {
    const { url, received } = await startServer((_, response) => sendJson(response, 503, {}));
    const asked = clientOf(url).ask({ path: "/", method: "POST", body: "{}", repeatable: false, abort: abort() });
    await expect(asked).rejects.toMatchObject({ reason: "unreachable", status: 503 });
    expect(received).toHaveLength(1);
  });

  it("gives the adapter a refusal's status and body, but no more of it than 64 KiB", async () => {
    const { url } = await startServer((_, response) => response.writeHead(400).end("x".repeat(1_000_000)));
    const failure = await clientOf(url)
      .ask({ path: "/", abort: abort() })
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(HttpRefusal);
    expect((failure as HttpRefusal).body.length).toBeLessThanOrEqual(65_536);
  });

  it("never follows a redirect, which would carry the credential to another host", async () => {
    const other = await startServer(ok);
    const { url } = await startServer((_, response) => response.writeHead(302, { location: other.url }).end());
    await expect(clientOf(url).ask({ path: "/", abort: abort() })).rejects.toMatchObject({ reason: "bad_response" });
    expect(other.received).toHaveLength(0);
  });

  it("ends with the caller's own reason when the caller gives up, and does not count that against the backend", async () => {
    const { url } = await startServer(({ url: asked }, response) => {
      if (asked.pathname === "/fast") sendJson(response, 200, {});
    });
    const client = clientOf(url);
    for (let count = 0; count < 4; count++) {
      const controller = new AbortController();
      setTimeout(() => controller.abort(new Error("gone home")), 20);
      await expect(client.ask({ path: "/slow", abort: controller.signal })).rejects.toThrow("gone home");
    }
    expect((await client.ask({ path: "/fast", abort: abort() })).json).toEqual({});
  });

  it("reads Retry-After as seconds or as a date", () => {
    expect(readRetryAfter("120", 0)).toBe(120_000);
    expect(readRetryAfter("Thu, 01 Jan 1970 00:01:00 GMT", 30_000)).toBe(30_000);
    expect(readRetryAfter("Thu, 01 Jan 1970 00:01:00 GMT", 90_000)).toBe(0);
    expect(readRetryAfter("soon", 0)).toBeUndefined();
  });
});

describe("a proxy", () => {
  /** A real forwarding proxy that writes down what was asked of it. */
  async function startProxy(status = 200) {
    const asked: { line: string; login: string | undefined }[] = [];
    const proxy = createProxy((request, response) => {
      asked.push({ line: `${request.method} ${request.url}`, login: request.headers["proxy-authorization"] });
      sendJson(response, 200, { through: "proxy" });
    });
    proxy.on("connect", (request, socket) => {
      asked.push({ line: `${request.method} ${request.url}`, login: request.headers["proxy-authorization"] });
      if (status !== 200) return socket.end(`HTTP/1.1 ${status} No\r\n\r\n`);
      // Whatever name was asked for is this machine: the tests have no other.
      const target = connect(Number(request.url?.split(":")[1]), "127.0.0.1", () => {
        socket.write("HTTP/1.1 200 OK\r\n\r\n");
        target.pipe(socket).pipe(target);
      });
      target.on("error", () => socket.destroy());
      socket.on("error", () => target.destroy());
    });
    const { port, end } = await listen(proxy);
    return { url: `http://reader:made-up@127.0.0.1:${port}`, asked, close: end };
  }
  const login = `Basic ${Buffer.from("reader:made-up").toString("base64")}`;

  it("is tunnelled through to a backend with TLS, whose certificate is still checked", async () => {
    const tls = selfSigned({ name: "backend.test" });
    const backend = await startServer(ok, tls);
    const proxy = await startProxy();
    const url = `https://backend.test:${new URL(backend.url).port}`;
    const env = { HTTPS_PROXY: proxy.url };
    const trusting = clientOf(url, { env, ca: tls.cert });
    expect((await trusting.ask({ path: "/", abort: abort() })).json).toEqual({ ok: true });
    expect(proxy.asked[0]).toEqual({ line: `CONNECT ${new URL(url).host}`, login });
    const doubting = clientOf(url, { env }).ask({ path: "/", abort: abort() });
    await expect(doubting).rejects.toThrow(/unknown authority/);
    await proxy.close();
  });

  it("gets the whole address of a backend without TLS", async () => {
    const proxy = await startProxy();
    const client = clientOf("http://backend.test:9090/prefix", { env: { http_proxy: proxy.url } });
    expect((await client.ask({ path: "/a", abort: abort() })).json).toEqual({ through: "proxy" });
    expect(proxy.asked).toEqual([{ line: "GET http://backend.test:9090/prefix/a", login }]);
    await proxy.close();
  });

  it("that refuses is named, without its password", async () => {
    const proxy = await startProxy(403);
    const asked = clientOf("https://backend.test", { env: { HTTPS_PROXY: proxy.url } }).ask({
      path: "/",
      abort: abort(),
    });
    const failure = (await asked.catch((error: unknown) => error)) as CouldNotLook;
    expect(failure).toBeInstanceOf(CouldNotLook);
    expect(failure.message).toMatch(/the proxy 127\.0\.0\.1:\d+ answered 403; check HTTPS_PROXY/);
    expect(failure.message).not.toContain("made-up");
    await proxy.close();
  });

  it.each([
    ["https://a.test", { HTTPS_PROXY: "http://p:1" }, "p:1"],
    ["https://a.test", { https_proxy: "p:1" }, "p:1"],
    ["http://a.test", { HTTPS_PROXY: "http://p:1" }, undefined],
    ["https://a.test", { HTTPS_PROXY: "http://p:1", NO_PROXY: "*" }, undefined],
    ["https://x.a.test", { HTTPS_PROXY: "http://p:1", NO_PROXY: "b.test, .a.test" }, undefined],
    ["https://a.test:8443", { HTTPS_PROXY: "http://p:1", NO_PROXY: "a.test:8443" }, undefined],
    ["https://a.test", { HTTPS_PROXY: "http://p:1", NO_PROXY: "a.test:8443" }, "p:1"],
    ["https://nota.test", { HTTPS_PROXY: "http://p:1", NO_PROXY: "a.test" }, "p:1"],
    ["https://127.0.0.1", { HTTPS_PROXY: "http://p:1" }, undefined],
    ["https://[::1]:9", { HTTPS_PROXY: "http://p:1" }, undefined],
  ])("for %s by %j is %s", (url, env, host) => {
    expect(proxyFor(new URL(url), env)?.host).toBe(host);
  });
});

describe("a circuit", () => {
  const down = new CouldNotLook("unreachable", "X refused the connection");

  it("opens after three failures in a row, and lets one try after a while", () => {
    let now = 0;
    const circuit = new Circuit("X", () => now);
    for (let count = 0; count < 3; count++) {
      circuit.enter();
      circuit.failed(down);
    }
    expect(() => circuit.enter()).toThrow(/X is not asked for now.*refused the connection/);
    now = 15_000;
    circuit.enter();
    expect(() => circuit.enter()).toThrow(CouldNotLook);
    circuit.succeeded();
    circuit.enter();
    circuit.enter();
  });

  it("stays closed while the backend answers, even with refusals", () => {
    const circuit = new Circuit("X");
    for (const reason of [
      "unreachable",
      "unreachable",
      "forbidden",
      "timed_out",
      "timed_out",
      "bad_response",
    ] as const) {
      circuit.enter();
      circuit.failed(new CouldNotLook(reason, "no"));
    }
    circuit.enter();
  });
});

describe("a gate", () => {
  it("forgets who gave up waiting, and lets the next one in", async () => {
    const gate = new Gate(1);
    let leave = () => {};
    const first = gate.run(abort(), () => new Promise<void>((resolve) => (leave = resolve)));
    const controller = new AbortController();
    const second = gate.run(controller.signal, async () => "second");
    const third = gate.run(abort(), async () => "third");
    controller.abort(new Error("gone"));
    await expect(second).rejects.toThrow("gone");
    leave();
    await first;
    expect(await third).toBe("third");
  });
});
