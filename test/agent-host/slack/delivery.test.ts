import { Catalog, Secret } from "@oncall-copilot/core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { CaseDelivery, CaseView } from "../../../agent-host/src/deliver/case-delivery.ts";
import { alertmanagerFingerprint } from "../../../agent-host/src/deliver/slack/alert-thread.ts";
import type { SlackSettings } from "../../../agent-host/src/deliver/slack/settings.ts";
import { slackDelivery } from "../../../agent-host/src/deliver/slack/slack-delivery.ts";
import { closeServers } from "../../support/http/server.ts";
import { type SlackDouble, startSlack } from "../../support/slack/double.ts";
import { reportOf, STARTED, viewOf } from "./views.ts";

let slack: SlackDouble;
beforeEach(async () => {
  slack = await startSlack();
  slack.world.channel("C0DEFAULT");
  slack.world.channel("C0PAYMENTS");
});
afterEach(async () => {
  expect(slack.problems).toEqual([]);
  await closeServers();
});

const entry = {
  ...{ id: "component:default/checkout", name: "checkout", metadataName: "checkout", kind: "service" as const },
  ...{ type: "service", dependsOn: [] },
};
const catalogWith = (annotations: Readonly<Record<string, string>>) =>
  new Catalog(() => ({ entries: [{ ...entry, annotations }], dangling: [], problems: [] }));

const signal = new AbortController().signal;
const NOW = STARTED + 120_000;

function delivery(settings: Partial<SlackSettings> = {}, channel = "C0PAYMENTS"): CaseDelivery {
  return slackDelivery({
    settings: {
      ...{
        token: new Secret(slack.world.token),
        apiUrl: slack.url,
        channel: "C0DEFAULT",
        alertThreads: false,
        chart: false,
      },
      ...settings,
    },
    catalog: catalogWith(channel === "" ? {} : { "oncall/slack-channel": channel }),
    now: () => NOW,
  });
}

const cardsIn = (channel: string) =>
  slack.world.posted(channel).filter(({ metadata }) => JSON.stringify(metadata).includes('"part":"card"'));
const post = (to: CaseDelivery, view: CaseView, mayBePosted = false) => to.post(view, { mayBePosted, signal });

describe("a case in Slack", () => {
  it("is one card in the channel of the service's owner, with its thread below", async () => {
    const ref = JSON.parse(await post(delivery(), viewOf()));
    const [card, ...replies] = slack.world.posted("C0PAYMENTS");
    expect(ref).toEqual({ channel: "C0PAYMENTS", ts: card?.ts, thread: card?.ts });
    expect(replies.map(({ thread }) => thread)).toEqual(replies.map(() => card?.ts));
    expect(replies).toHaveLength(5);
    expect(slack.world.posted("C0DEFAULT")).toEqual([]);
  });

  it("goes to the default channel where the owner's cannot be written to, or there is none", async () => {
    slack.world.channel("C0GONE", { archived: true });
    for (const channel of ["C0GONE", "C0NOWHERE", ""]) {
      slack.world.messages.length = 0;
      const ref = JSON.parse(await post(delivery({}, channel), viewOf()));
      expect(ref).toMatchObject({ channel: "C0DEFAULT" });
    }
  });

  it("says which setting is missing where there is no channel at all", async () => {
    await expect(post(delivery({ channel: null }, ""), viewOf())).rejects.toMatchObject({
      message: expect.stringContaining("set ONCALL_SLACK_CHANNEL, or annotate checkout with oncall/slack-channel"),
      retryAt: null,
    });
  });

  it("is changed in place, and only where it shows something else", async () => {
    const to = delivery();
    const ref = await post(to, viewOf());
    const edits = () => slack.world.posted("C0PAYMENTS").map((one) => one.edits);
    await to.update(ref, viewOf(), { signal });
    expect(edits()).toEqual([0, 0, 0, 0, 0, 0]);
    await to.update(ref, viewOf({ resolved_at: STARTED + 26 * 60_000 }), { signal });
    expect(edits()).toEqual([1, 0, 0, 0, 0, 0]);
    expect(cardsIn("C0PAYMENTS")[0]?.text).toMatch(/^Resolved after 26 min: CheckoutErrors/);
    await to.update(
      ref,
      viewOf(
        {},
        reportOf({ gaps: [{ server: "logs", tool: null, code: "unreachable", about: [], what: "a", why: "b" }] }),
      ),
      {
        signal,
      },
    );
    expect(slack.world.posted("C0PAYMENTS")).toHaveLength(6);
  });

  it("is not posted twice by a process that does not know whether another has posted it", async () => {
    const first = await post(delivery(), viewOf());
    const second = await post(delivery(), viewOf({ resolved_at: STARTED + 60_000 }), true);
    expect(second).toBe(first);
    expect(cardsIn("C0PAYMENTS")).toHaveLength(1);
    expect(cardsIn("C0PAYMENTS")[0]?.text).toMatch(/^Resolved/);
    expect(slack.world.posted("C0PAYMENTS")).toHaveLength(6);
  });

  it("goes on where it was stopped in the middle of the thread", async () => {
    slack.world.rateLimits.push(0, 0, 0, 30);
    const to = delivery();
    const failed = await post(to, viewOf()).catch((error: unknown) => error);
    expect(failed).toMatchObject({ name: "DeliveryFailed", retryAt: NOW + 30_000 });
    await post(to, viewOf(), true);
    expect(cardsIn("C0PAYMENTS")).toHaveLength(1);
    expect(slack.world.posted("C0PAYMENTS")).toHaveLength(6);
  });

  it.each([
    ["invalid_auth", () => Object.assign(slack.world, { token: "xoxb-OTHER" }), /ONCALL_SLACK_BOT_TOKEN/],
    ["missing_scope", () => slack.world.scopes.delete("chat:write"), /scopes in the README/],
  ])("says what to do when Slack answers %s, and does not insist", async (said, spoil, cure) => {
    const to = delivery();
    spoil();
    await expect(post(to, viewOf())).rejects.toMatchObject({ message: expect.stringMatching(cure), retryAt: null });
    await expect(post(to, viewOf())).rejects.toThrow(said);
  });

  it("is given up where a person has deleted the card", async () => {
    const to = delivery();
    const ref = await post(to, viewOf());
    slack.world.messages.length = 0;
    await expect(to.update(ref, viewOf({ resolved_at: STARTED }), { signal })).rejects.toMatchObject({ retryAt: null });
  });
});

describe("the alert's own thread", () => {
  it("is where the card goes when Alertmanager has posted there, by the line that its template prints", async () => {
    const labels = { alertname: "CheckoutErrors", service: "checkout" };
    slack.world.say("C0PAYMENTS", "something else");
    const alert = slack.world.say("C0PAYMENTS", "", {
      attachments: [{ text: `[FIRING:1]\noncall-fingerprint: ${alertmanagerFingerprint(labels)}` }],
    });
    const ref = JSON.parse(await post(delivery({ alertThreads: true }), viewOf()));
    expect(ref).toMatchObject({ channel: "C0PAYMENTS", thread: alert.ts });
    expect(slack.world.posted("C0PAYMENTS").every(({ thread }) => thread === alert.ts)).toBe(true);
    expect(JSON.parse(await post(delivery({ alertThreads: true }), viewOf(), true))).toEqual(ref);
  });

  it("is not looked for unless that is switched on, and a card of its own is posted where there is none", async () => {
    expect(JSON.parse(await post(delivery(), viewOf()))).toMatchObject({ channel: "C0PAYMENTS" });
    expect(slack.called()).not.toContain("conversations.history");
    slack.world.messages.length = 0;
    const ref = JSON.parse(await post(delivery({ alertThreads: true }), viewOf()));
    expect(ref.thread).toBe(ref.ts);
  });
});

describe("the chart", () => {
  const points = Array.from({ length: 40 }, (_, index) => ({
    at: STARTED + index * 15_000,
    value: index < 20 ? 0.01 : 0.3,
  }));
  const data = {
    title: "pricing error_ratio",
    signal: "error_ratio",
    points,
    usual: { low: 0, high: 0.02 },
    marks: [],
  };
  const withChart = () =>
    slackDelivery({
      settings: {
        token: new Secret(slack.world.token),
        apiUrl: slack.url,
        channel: "C0DEFAULT",
        alertThreads: false,
        chart: true,
      },
      catalog: catalogWith({}),
      chart: async () => data,
      now: () => NOW,
    });

  it("is a picture in the thread, shown only once Slack has processed it, and not drawn again", async () => {
    slack.world.pending = 2;
    const to = withChart();
    const ref = await post(to, viewOf());
    const chart = slack.world.posted("C0DEFAULT").at(-1);
    expect(chart?.blocks).toEqual([{ type: "image", slack_file: { id: "F1" }, alt_text: "pricing error_ratio" }]);
    await to.update(ref, viewOf({ resolved_at: STARTED }), { signal });
    expect(slack.world.files.size).toBe(1);
  });

  it("is left out where Slack takes no file: the case is told all the same", async () => {
    slack.world.scopes.delete("files:write");
    await post(withChart(), viewOf());
    expect(slack.world.posted("C0DEFAULT")).toHaveLength(6);
  });
});
