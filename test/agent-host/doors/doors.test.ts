import { createHmac, randomBytes } from "node:crypto";
import { connect } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { StoreUnavailable } from "../../../agent-host/src/cases/case-store.ts";
import { readDoors } from "../../../agent-host/src/doors/door-settings.ts";
import * as aws from "../../support/alerts/aws.ts";
import { type Headless, openCases, openDoors } from "../../support/alerts/headless.ts";
import { grafana, pagerDuty } from "../../support/alerts/senders.ts";

const TOKEN = randomBytes(24).toString("base64url");
const SECRET = randomBytes(24).toString("base64url");
const OTHER = randomBytes(24).toString("base64url");
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

const opened: Headless[] = [];
const open = async (...[options]: Parameters<typeof openDoors>) => {
  const doors = await openDoors(options);
  opened.push(doors);
  return doors;
};
afterEach(async () => {
  await Promise.all(opened.splice(0).map((doors) => doors.close()));
});

const webhook = (...services: string[]) => ({
  version: "4",
  status: "firing",
  alerts: services.map((service) => ({
    status: "firing",
    labels: { alertname: "Slow", service, severity: "page" },
    annotations: {},
    startsAt: "2026-11-23T07:21:02.179Z",
  })),
});
const post = (url: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(url, { method: "POST", body: typeof body === "string" ? body : JSON.stringify(body), headers });

describe("the Alertmanager door", () => {
  it("keeps every alert of a group, tells whoever works, and answers 202", async () => {
    const doors = await open({ env: { ONCALL_ALERT_TOKENS: TOKEN } });
    const answer = await post(`${doors.url}/alerts/alertmanager`, webhook("storefront", "cart"), bearer(TOKEN));
    expect([answer.status, await answer.json()]).toEqual([202, { alerts: 2, ignored: [] }]);
    const cases = await doors.cases.list();
    const total = await Promise.all(cases.map(({ id }) => doors.cases.alertsOf(id)));
    expect(total.reduce((sum, one) => sum + one.total, 0)).toBe(2);
    expect(new Set(doors.woken)).toEqual(new Set(cases.map(({ id }) => id)));
  });

  it("takes what both peers of a pair deliver, again and again, for one case", async () => {
    const doors = await open({ env: { ONCALL_ALERT_TOKENS: TOKEN } });
    const deliver = () => post(`${doors.url}/alerts/alertmanager`, webhook("storefront"), bearer(TOKEN));
    const answers = await Promise.all([deliver(), deliver(), deliver(), deliver()]);
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202, 202]);
    expect(await doors.cases.list()).toHaveLength(1);
  });

  it.each([
    ["nothing", {}],
    ["another token", bearer(OTHER)],
    ["a token that begins right", bearer(TOKEN.slice(0, -1))],
    ["the token as a password", { authorization: `Basic ${Buffer.from(`oncall:${TOKEN}`).toString("base64")}` }],
  ])("lets nobody in who shows %s", async (_what, headers) => {
    const doors = await open({ env: { ONCALL_ALERT_TOKENS: TOKEN } });
    const answer = await post(
      `${doors.url}/alerts/alertmanager`,
      webhook("storefront"),
      headers as Record<string, string>,
    );
    expect(answer.status).toBe(401);
    expect(await answer.json()).toEqual({ error: expect.stringContaining("Authorization: Bearer") });
    expect(await doors.cases.list()).toEqual([]);
  });

  it("takes either token while one is replaced, and a user with a password", async () => {
    const doors = await open({
      env: { ONCALL_ALERT_TOKENS: `${TOKEN}, ${OTHER}`, ONCALL_ALERT_BASIC: `mimir:${SECRET}` },
    });
    const basic = { authorization: `Basic ${Buffer.from(`mimir:${SECRET}`).toString("base64")}` };
    for (const headers of [bearer(TOKEN), bearer(OTHER), basic])
      expect((await post(`${doors.url}/alerts/alertmanager`, webhook("cart"), headers)).status).toBe(202);
  });

  it("refuses what is no alert with 400, which Alertmanager does not deliver again, and says why", async () => {
    const doors = await open({ env: { ONCALL_ALERT_TOKENS: TOKEN } });
    const refused = async (body: unknown) => {
      const answer = await post(`${doors.url}/alerts/alertmanager`, body, bearer(TOKEN));
      return [answer.status, ((await answer.json()) as { error: string }).error];
    };
    expect(await refused("{")).toEqual([400, expect.stringContaining("not JSON")]);
    expect(await refused({})).toEqual([400, expect.stringContaining("not a known alert")]);
    expect(await refused({ version: "4", alerts: [] })).toEqual([400, expect.stringContaining("no alerts")]);
  });

  it("asks to deliver again with 503 while cases cannot be kept, and never says 429", async () => {
    const cases = await openCases();
    const claim = async () => {
      throw new StoreUnavailable("locked");
    };
    const doors = await open({ env: { ONCALL_ALERT_TOKENS: TOKEN }, cases: { ...cases, claim } });
    const answer = await post(`${doors.url}/alerts/alertmanager`, webhook("cart"), bearer(TOKEN));
    expect(answer.status).toBe(503);
    expect(answer.headers.get("retry-after")).toBe("5");
  });

  it("reads no more than it must of a body that is too large", async () => {
    const doors = await open({ env: { ONCALL_ALERT_TOKENS: TOKEN } });
    const answer = await post(`${doors.url}/alerts/alertmanager`, "x".repeat(5 * 1024 * 1024), bearer(TOKEN));
    expect(answer.status).toBe(413);
  });
});

describe("Grafana's door", () => {
  const body = JSON.stringify(grafana());
  const hmac = (text: string, secret = SECRET) => createHmac("sha256", secret).update(text).digest("hex");
  const header = "x-grafana-alerting-signature";

  it("wants the signature of the body when a secret is set", async () => {
    const doors = await open({ env: { ONCALL_GRAFANA_SECRETS: `${OTHER},${SECRET}`, ONCALL_ALERT_TOKENS: TOKEN } });
    const status = async (headers: Record<string, string>) =>
      (await post(`${doors.url}/alerts/grafana`, body, headers)).status;
    expect(await status({ [header]: hmac(body) })).toBe(202);
    expect(await status({ [header]: hmac(`${body} `) })).toBe(401);
    expect(await status({ [header]: hmac(body, TOKEN) })).toBe(401);
    expect(await status({})).toBe(401);
    expect(await status(bearer(TOKEN))).toBe(401);
  });

  it("wants the time under it too, and not an old one, when the contact point names a header for it", async () => {
    const env = { ONCALL_GRAFANA_SECRETS: SECRET, ONCALL_GRAFANA_TIMESTAMP_HEADER: "X-Grafana-Alerting-Timestamp" };
    const doors = await open({ env });
    const status = async (at: number, signedAt = at) => {
      const seconds = String(Math.floor(at / 1000));
      const signature = hmac(`${Math.floor(signedAt / 1000)}:${body}`);
      const headers = { "x-grafana-alerting-timestamp": seconds, [header]: signature };
      return (await post(`${doors.url}/alerts/grafana`, body, headers)).status;
    };
    expect(await status(Date.now())).toBe(202);
    const now = Date.now();
    const [before, longBefore] = [now - 60_000, now - 10 * 60_000];
    expect(await status(now, before)).toBe(401);
    expect(await status(longBefore)).toBe(401);
    expect((await post(`${doors.url}/alerts/grafana`, body, { [header]: hmac(`:${body}`) })).status).toBe(401);
  });

  it("takes a bearer token where no secret is set", async () => {
    const doors = await open({ env: { ONCALL_ALERT_TOKENS: TOKEN } });
    expect((await post(`${doors.url}/alerts/grafana`, body, bearer(TOKEN))).status).toBe(202);
    expect((await post(`${doors.url}/alerts/grafana`, body)).status).toBe(401);
  });
});

describe("PagerDuty's door", () => {
  const body = JSON.stringify(pagerDuty({}));
  const v1 = (secret: string, text = body) => `v1=${createHmac("sha256", secret).update(text).digest("hex")}`;

  it("takes any of several signatures by any of several secrets", async () => {
    const doors = await open({ env: { ONCALL_PAGERDUTY_SECRETS: `${SECRET},${OTHER}` } });
    const status = async (signature: string) =>
      (await post(`${doors.url}/alerts/pagerduty`, body, { "x-pagerduty-signature": signature })).status;
    expect(await status(v1(SECRET))).toBe(202);
    expect(await status(`${v1(TOKEN)},${v1(OTHER)}`)).toBe(202);
    expect(await status(`${v1(TOKEN)}, ${v1(SECRET, "x")}`)).toBe(401);
    expect(await status("")).toBe(401);
    expect(await status(v1(SECRET).replace("v1=", "v2="))).toBe(401);
  });

  it("answers an acknowledgement with 202 and makes nothing of it", async () => {
    const doors = await open({ env: { ONCALL_PAGERDUTY_SECRETS: SECRET } });
    const acknowledged = JSON.stringify(pagerDuty({}, "incident.acknowledged"));
    const answer = await post(`${doors.url}/alerts/pagerduty`, acknowledged, {
      "x-pagerduty-signature": v1(SECRET, acknowledged),
    });
    expect([answer.status, await answer.json()]).toEqual([
      202,
      { alerts: 0, ignored: ["PagerDuty's incident.acknowledged"] },
    ]);
    expect(await doors.cases.list()).toEqual([]);
  });
});

describe("doors", () => {
  it("stay shut without their credential, and say what would open them", async () => {
    const doors = await open({ env: { ONCALL_ALERT_TOKENS: TOKEN } });
    const answer = await post(`${doors.url}/alerts/pagerduty`, pagerDuty({}), bearer(TOKEN));
    expect([answer.status, await answer.json()]).toEqual([
      404,
      { error: expect.stringContaining("ONCALL_PAGERDUTY_SECRETS") },
    ]);
  });

  it.each([
    [{}, "no door has its credential"],
    [{ ONCALL_ALERT_TOKENS: "short" }, "ONCALL_ALERT_TOKENS: too short"],
    [{ ONCALL_ALERT_TOKENS: "0123456789abcdef0123" }, "128 bits"],
    [{ ONCALL_ALERT_TOKENS: "a".repeat(64) }, "128 bits"],
    [{ ONCALL_ALERT_BASIC: "user" }, "USER:PASSWORD"],
    [{ ONCALL_ALERT_BASIC: "user:password" }, "128 bits"],
    [{ ONCALL_PAGERDUTY_SECRETS: "x" }, "ONCALL_PAGERDUTY_SECRETS"],
    [{ ONCALL_SNS_TOPICS: "alarms" }, "topics' ARNs"],
    [{ ONCALL_ALERT_TOKENS: TOKEN, ONCALL_LISTEN: "7800x" }, "ONCALL_LISTEN"],
  ])("are not served with %j", (env, message) => {
    expect(() => readDoors(env as NodeJS.ProcessEnv)).toThrow(message);
  });

  it("listen on loopback unless told otherwise", () => {
    expect(readDoors({ ONCALL_ALERT_TOKENS: TOKEN })).toMatchObject({ host: "127.0.0.1", port: 7800 });
    expect(readDoors({ ONCALL_ALERT_TOKENS: TOKEN, ONCALL_LISTEN: "0.0.0.0:80" })).toMatchObject({
      host: "0.0.0.0",
      port: 80,
    });
  });

  it("tell how they are, and what they counted", async () => {
    const doors = await open({ env: { ONCALL_ALERT_TOKENS: TOKEN } });
    await post(`${doors.url}/alerts/alertmanager`, webhook("storefront"), bearer(TOKEN));
    await post(`${doors.url}/alerts/alertmanager`, webhook("storefront"), bearer(OTHER));
    expect((await fetch(`${doors.url}/healthz`)).status).toBe(200);
    expect(await (await fetch(`${doors.url}/readyz`)).json()).toEqual({ status: "ready" });
    const metrics = await (await fetch(`${doors.url}/metrics`)).text();
    expect(metrics).toContain('oncall_alerts_total{door="alertmanager",outcome="new"} 1');
    expect(metrics).toContain('oncall_deliveries_total{door="alertmanager",outcome="unauthorized"} 1');
    expect(metrics).toContain('oncall_cases{state="open"} 1');
    expect(metrics).not.toContain("storefront");
  });

  it("are not ready while cases cannot be read", async () => {
    const due = async () => {
      throw new StoreUnavailable("the file is locked");
    };
    const cases = await openCases();
    const doors = await open({ env: { ONCALL_ALERT_TOKENS: TOKEN }, cases: { ...cases, due } });
    const answer = await fetch(`${doors.url}/readyz`);
    expect([answer.status, await answer.json()]).toEqual([503, { status: "the file is locked" }]);
  });

  it("make what they were handed durable before they close", async () => {
    const cases = await openCases();
    let let_go = () => {};
    const held = new Promise<void>((resolve) => {
      let_go = resolve;
    });
    const claim: typeof cases.claim = async (...given) => {
      await held;
      return cases.claim(...given);
    };
    const doors = await openDoors({
      env: { ONCALL_ALERT_TOKENS: TOKEN },
      cases: { ...cases, claim, close: async () => {} },
    });
    const answering = post(`${doors.url}/alerts/alertmanager`, webhook("storefront"), bearer(TOKEN));
    await expect
      .poll(async () => (await (await fetch(`${doors.url}/healthz`)).json()) as object)
      .toEqual({ status: "ok" });
    const closing = doors.close();
    let_go();
    const answered = await answering.then(({ status }) => status);
    await closing;
    expect(answered).toBe(202);
    expect(await cases.list()).toHaveLength(1);
    await cases.close();
  });

  it("let go of a client that sends half a request", async () => {
    const doors = await open({ env: { ONCALL_ALERT_TOKENS: TOKEN } });
    const { port } = new URL(doors.url);
    const socket = connect(Number(port), "127.0.0.1");
    socket.write("POST /alerts/alertmanager HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf");
    await new Promise((resolve) => socket.once("connect", resolve));
    socket.destroy();
    expect((await post(`${doors.url}/alerts/alertmanager`, webhook("cart"), bearer(TOKEN))).status).toBe(202);
  });

  it("take CloudWatch's event through whichever door, since intake is one", async () => {
    const doors = await open({ env: { ONCALL_ALERT_TOKENS: TOKEN } });
    expect((await post(`${doors.url}/alerts/alertmanager`, aws.event(), bearer(TOKEN))).status).toBe(202);
    expect((await doors.cases.list())[0]).toMatchObject({ service: "resize" });
  });
});
