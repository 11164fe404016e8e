import { describe, expect, it } from "vitest";
import { blamedBy } from "../../../agent-host/src/engines/rules/blame.ts";
import { followBlame } from "../../../agent-host/src/engines/rules/follow-blame.ts";
import { heedBlame } from "../../../agent-host/src/engines/rules/heed-blame.ts";
import { rankSuspects } from "../../../agent-host/src/engines/rules/rank.ts";
import type { Blame } from "../../../agent-host/src/engines/rules/seen.ts";
import { namedIn, namedInEvent } from "../../../agent-host/src/signs/blame.ts";
import { ALERT, at, change, inquiryOf, logsOf, pattern, pricing, seen, signal, storefront, suspect } from "./given.ts";

const below = (name: string) => ({ checkout: ["pricing", "cart"], pricing: ["offers"] })[name] ?? [];

describe("a caller's log line names whom it called", () => {
  it.each([
    ["POST /orders failed: UpstreamError: pricing: timed out after 2000 ms", "pricing", "waited"],
    [
      "rpc error: code = DeadlineExceeded desc = deadline exceeded calling pricing: context deadline exceeded",
      "pricing",
      "waited",
    ],
    ["call to cart: answered 503 (service temporarily unavailable)", "cart", "answered"],
    ["dial tcp: http://cart:8080/carts: connect ECONNREFUSED 10.0.3.4:8080", "cart", "answered"],
    ["cart: answered 401 (client key withdrawn)", "cart", "refused"],
    ["cart: AccessDenied: role/checkout is not authorized to perform: s3:GetObject", "cart", "refused"],
    ["no connection to pricing free after 1000 ms", "pricing", "named"],
    ["PoolTimeoutError: no connection to pricing free after 1000 ms", "pricing", "named"],
    ["httpx.ReadTimeout: http://cart:8080 after 2 s", "cart", "waited"],
    ['I/O error on POST request for "http://cart:8080": Read timed out after 1500 ms', "cart", "waited"],
  ])("%s", (line, name, says) => {
    expect(namedIn(line, ["cart", "pricing"], below)).toMatchObject({ name, says });
  });

  it("by the nearest one, of whom it says what it was answered, and not what that one was answered in turn", () => {
    const line = "checkout: answered 502 (pricing: answered 502 (offers: timed out after 700 ms))";
    expect(namedIn(line, ["cart", "checkout"], below)).toMatchObject({ name: "checkout", says: "answered" });
    const refused = "checkout: answered 502 (pricing: answered 403 (AccessDenied))";
    expect(namedIn(refused, ["checkout"], below)).toMatchObject({ name: "checkout", says: "answered" });
  });

  it.each([
    ["a path of its own", "POST /cart failed: TypeError: x is undefined"],
    ["a longer name", "cart-exporter answered 500"],
    ["a part of a host", "eu.cart.internal answered 500"],
    ["nobody", "TypeError: Cannot read properties of undefined"],
  ])("but not by %s", (_what, line) => {
    expect(namedIn(line, ["cart"], below)).toBeUndefined();
  });
});

describe("an event of several lines", () => {
  const named = (...lines: string[]) => namedInEvent(lines.join("\n"), ["cart", "pricing"], below);

  it("names whom its error's own words name, below the line that says that something was thrown", () => {
    const thrown = "Servlet.service() for servlet [dispatcherServlet] threw exception";
    const words = 'ResourceAccessException: I/O error on GET request for "http://pricing:80": Read timed out';
    expect(named(thrown, words, "\tat example.PricingClient.call(PricingClient.java:31)")).toEqual({
      ...{ name: "pricing", says: "waited", line: words },
    });
  });

  it("names by the first part of its name whom no other begins like, when it says what came of the call", () => {
    const said = (line: string, ...callees: string[]) => namedInEvent(line, callees, below)?.name;
    expect(said("authorise 7: kvikpay: 503 Service Unavailable", "kvikpay-cards", "orders-db")).toBe("kvikpay-cards");
    expect(said("authorise 7: kvikpay: 503 Service Unavailable", "kvikpay-cards", "kvikpay-sms")).toBeUndefined();
    expect(said("orders are many today", "kvikpay-cards", "orders-db")).toBeUndefined();
  });

  it("names nobody by its frames and source lines", () => {
    const trace = ["Traceback (most recent call last):", '  File "/app/x.py", line 3, in total', "    ask(pricing)"];
    expect(named(...trace, "ValueError: None is not in list")).toBeUndefined();
  });
});

const blames = (line: string, count = 40) => ({
  ...pattern("storefront", at("09:58:30"), "new", line),
  count,
});

describe("whom a service blames", () => {
  it("is who most of its new errors name", () => {
    const logs = logsOf("storefront", blames("pricing: answered 502", 90), blames("TypeError: boom", 30));
    expect(blamedBy("storefront", seen({ logs }))).toMatchObject({ callee: "pricing", says: "answered" });
  });

  it("is nobody when most of them name none, or nothing of it is new", () => {
    const logs = logsOf("storefront", blames("pricing: answered 502", 30), blames("TypeError: boom", 90));
    expect(blamedBy("storefront", seen({ logs }))).toBeUndefined();
    const steady = logsOf("storefront", pattern("storefront", at("09:20:00"), "steady", "pricing: answered 502"));
    expect(blamedBy("storefront", seen({ logs: steady }))).toBeUndefined();
  });
});

describe("following the blame", () => {
  const logs = logsOf("storefront", blames("pricing: timed out after 800 ms"));
  const dependsOn = (name: string) => ({ storefront: ["pricing"], pricing: ["pricing-db"] })[name] ?? [];
  const figures = (name: string, ...signals: ReturnType<typeof signal>[]) => ({
    suspects: [suspect(name, 0.5, at("09:57:00"), signals)],
    ...{ more: null, usual: [], missing: [] },
  });
  const failing = (name: unknown) => figures(String(name), signal("error_ratio", "symptom", "up", 0.9, at("09:57:00")));
  const well = (name: unknown) => figures(String(name), signal("error_ratio", "symptom", "usual", 0, null));

  it("measures each that is named by itself, and goes on to whom that one names", async () => {
    const { inquiry, calls } = inquiryOf({
      read_metrics: ({ service }) => failing(service),
      read_logs: ({ service }) => ({
        service,
        patterns: [pattern(String(service), at("09:57:10"), "new", "pricing-db: answered 500")],
      }),
    });
    const { blames: chain } = await followBlame(inquiry, seen({ logs, dependsOn }));
    expect(chain.map(({ callee, standing }) => [callee, standing])).toEqual([
      ["pricing", "failing"],
      ["pricing-db", "failing"],
    ]);
    expect(calls.map(({ tool, args }) => `${tool} ${args["service"]}`)).toEqual([
      "read_metrics storefront",
      "read_logs pricing",
      "read_metrics pricing",
      "read_metrics pricing-db",
    ]);
  });

  it("takes one whose errors turned up for failing, also when few samples show it yet, and a mere wobble for none", async () => {
    const standing = async (...signals: ReturnType<typeof signal>[]) =>
      (
        await followBlame(
          inquiryOf({ read_metrics: ({ service }) => figures(String(service), ...signals) }).inquiry,
          seen({ logs }),
        )
      ).blames[0]?.standing;
    expect(await standing(signal("error_ratio", "symptom", "up", 0.4, at("09:59:30")))).toBe("failing");
    expect(await standing(signal("latency_p50_seconds", "symptom", "up", 0.3, at("09:59:30")))).toBe("well");
  });

  it("ends at one that is as ever, or that nobody can see", async () => {
    const calm = inquiryOf({ read_metrics: ({ service }) => well(service) });
    expect((await followBlame(calm.inquiry, seen({ logs }))).blames).toMatchObject([{ standing: "well" }]);
    expect((await followBlame(inquiryOf().inquiry, seen({ logs }))).blames).toMatchObject([{ standing: "unseen" }]);
  });
});

describe("heeding the blame", () => {
  const said: Blame = {
    ...{ caller: "storefront", callee: "pricing", says: "answered", standing: "failing" },
    ...{ line: "pricing: answered 502", pattern: blames("pricing: answered 502") },
  };
  const metrics = {
    suspects: [
      { ...storefront, score: 0.9 },
      { ...pricing, score: 0.5 },
    ],
    ...{ more: null, usual: [], missing: [] },
  };
  const first = (blame: Blame, changes = [change("storefront", at("09:58:00"))]) => {
    const all = seen({ metrics, changes, blames: [blame] });
    return heedBlame(rankSuspects(all, ALERT), all)[0]?.name;
  };

  it("puts first who is blamed and fails by its own evidence too", () => {
    expect(first(said)).toBe("pricing");
  });

  it.each([
    ["refuses its caller", { says: "refused" as const }],
    ["is as ever", { standing: "well" as const }],
    ["cannot be seen and is only named", { standing: "unseen" as const, says: "named" as const }],
    [
      "cannot be seen, when the caller that gave up waiting was changed right before",
      { standing: "unseen" as const, says: "waited" as const },
    ],
  ])("leaves its caller where it is when the one that is blamed %s", (_what, more) => {
    expect(first({ ...said, ...more })).toBe("storefront");
  });

  it("leaves a caller that was changed right before, when the one that is blamed is merely slow", () => {
    expect(first({ ...said, standing: "slow" })).toBe("storefront");
    expect(first({ ...said, standing: "slow" }, [])).toBe("pricing");
  });
});
