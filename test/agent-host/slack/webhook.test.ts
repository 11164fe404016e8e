import { Secret } from "@oncall-copilot/core";
import { Webhook } from "standardwebhooks";
import { afterEach, describe, expect, it } from "vitest";
import { webhookDelivery } from "../../../agent-host/src/deliver/webhook/webhook-delivery.ts";
import { closeServers, startServer } from "../../support/http/server.ts";
import { reportOf, viewOf } from "./views.ts";

afterEach(closeServers);

const SECRET = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;
const { signal } = new AbortController();

async function receiver(status = 200, headers: Record<string, string> = {}) {
  const server = await startServer((_, response) => response.writeHead(status, headers).end());
  const to = webhookDelivery({ url: server.url, secret: new Secret(SECRET), timeoutMs: 5_000 });
  return { server, to };
}

describe("the outgoing webhook", () => {
  it("is signed as Standard Webhooks' own library checks it, and carries the card in words and the report", async () => {
    const { server, to } = await receiver();
    expect(await to.post(viewOf(), { mayBePosted: false, signal })).toBe("case-1");
    const [{ body, headers } = { body: "", headers: {} }] = server.received;
    const payload = new Webhook(SECRET).verify(body, headers as Record<string, string>) as {
      data: { card: string; report: unknown };
    };
    expect(payload).toMatchObject({ type: "case.posted", data: { case: { id: "case-1", alert: "CheckoutErrors" } } });
    expect(payload.data.card).toMatch(/^Root cause found: CheckoutErrors\nA deployment of pricing broke checkout/);
    expect(payload.data.report).toEqual(JSON.parse(JSON.stringify(reportOf())));
    expect(() => new Webhook(SECRET).verify(`${body} `, headers as Record<string, string>)).toThrow();
  });

  it("has the same id when the same news is sent again, and another one for other news", async () => {
    const { server, to } = await receiver();
    await to.post(viewOf(), { mayBePosted: false, signal });
    await to.post(viewOf(), { mayBePosted: true, signal });
    await to.update("case-1", viewOf({ resolved_at: 1_772_360_000_000 }), { signal });
    const ids = server.received.map(({ headers }) => headers["webhook-id"]);
    expect(ids[0]).toBe(ids[1]);
    expect(ids[2]).not.toBe(ids[0]);
  });

  it.each([
    [503, {}, expect.any(Number)],
    [429, { "retry-after": "7" }, expect.any(Number)],
    [410, {}, null],
    [400, {}, null],
  ])("says of %s whether it is worth another try", async (status, headers, retryAt) => {
    const { to } = await receiver(status, headers);
    await expect(to.post(viewOf(), { mayBePosted: false, signal })).rejects.toMatchObject({
      name: "DeliveryFailed",
      retryAt,
    });
  });

  it("wants a secret that is long enough to be one", () => {
    expect(() => webhookDelivery({ url: "http://127.0.0.1", secret: new Secret("whsec_aGk="), timeoutMs: 1 })).toThrow(
      /24 to 64 bytes/,
    );
  });
});
