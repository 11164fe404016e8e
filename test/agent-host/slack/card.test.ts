import { describe, expect, it } from "vitest";
import type { CaseDecision } from "../../../agent-host/src/cases/case.ts";
import type { CaseView } from "../../../agent-host/src/deliver/case-delivery.ts";
import { SlackMessage, wordsIn } from "../../../agent-host/src/deliver/slack/block-kit.ts";
import { MAX_CARD_WORDS, renderCard } from "../../../agent-host/src/deliver/slack/card.ts";
import { renderThread } from "../../../agent-host/src/deliver/slack/thread.ts";
import { shown } from "./shown.ts";
import { caseOf, reportOf, STARTED, viewOf } from "./views.ts";

const wordsOf = (message: SlackMessage) => wordsIn(message.blocks).join("");
const MINUTE = 60_000;

const ADA: CaseDecision = {
  id: "d1",
  decision: {
    ...{ schema_version: 1, incident: "ffff-1", verb: "approve", by: "Ada (Slack U0ADA)", at: "2026-03-01T10:04:00Z" },
    ...{ report_sha256: "a".repeat(64), head: "c".repeat(40), reason: null, words: null },
  },
  ...{ edits: null, revert: null, carried_out_at: STARTED + 4 * MINUTE, result: "ready", by_hand: false },
};

const inconclusive = reportOf({
  ...{ outcome: "inconclusive", culprit: null, diagnosis: null, pull_request: null, runbook: null },
  confidence: { level: "low", agreeing: ["metrics"], why: "only metrics speak of checkout" },
  fix: { kind: "none", service: null, commit: null, edits: [], title: "", why: "no cause was shown", verify: "" },
  settled: { final: true, next_look_at: null, would_decide: ["the log of pricing between 09:50 and 10:00"] },
});
const noFault = reportOf({
  ...{ outcome: "inconclusive", family: "no_fault", culprit: null, pull_request: null, runbook: null },
  diagnosis: {
    text: "Nothing is broken: the peak of this hour passed the threshold as it does each week.",
    supports: [{ id: "maaaaaaaaaaaaaaaa", quote: "error_ratio turned up 2026-03-01T09:58:00Z: 0.31" }],
    contradicts: [],
  },
  fix: { kind: "none", service: null, commit: null, edits: [], title: "", why: "nothing is broken", verify: "" },
});
const blocked = reportOf({
  ...{
    outcome: "blocked",
    culprit: null,
    diagnosis: null,
    pull_request: null,
    runbook: null,
    similar: [],
    evidence: [],
  },
  confidence: { level: "none", agreeing: [], why: "neither metrics, logs nor changes could be seen" },
  fix: { kind: "none", service: null, commit: null, edits: [], title: "", why: "no cause was shown", verify: "" },
  gaps: [
    {
      server: "metrics",
      tool: null,
      code: "unreachable",
      about: [],
      what: "everything from metrics",
      why: "Prometheus does not answer",
    },
  ],
});

const CASES: readonly [string, CaseView][] = [
  ["root-cause", viewOf()],
  [
    "likely-cause",
    viewOf(
      {},
      reportOf({
        outcome: "likely_cause",
        confidence: { level: "medium", agreeing: ["metrics", "changes"], why: "metrics, changes agree on pricing" },
      }),
    ),
  ],
  ["inconclusive", viewOf({}, inconclusive)],
  ["no-fault", viewOf({}, noFault)],
  ["blocked", viewOf({}, blocked)],
  [
    "not-settled",
    viewOf({ state: "open", next_look_at: STARTED + 9 * MINUTE, final_report: null }, {
      ...inconclusive,
      ...{ settled: { final: false, next_look_at: "2026-03-01T10:09:00Z", would_decide: ["more samples"] } },
    } as typeof inconclusive),
  ],
  ["no-report-yet", viewOf({ state: "open", final_report: null }, null, 3)],
  ["died", viewOf({ failure: { at: STARTED, kind: "died", why: "the investigation died twice" } }, null)],
  ["approved", viewOf({ decisions: [ADA] })],
  [
    "rejected",
    viewOf({
      decisions: [
        {
          ...ADA,
          decision: {
            ...ADA.decision,
            verb: "reject",
            reason: "right_cause_wrong_fix",
            words: "pricing <!channel> was fine",
          },
        },
      ],
    }),
  ],
  [
    "refused",
    viewOf({
      decisions: [
        {
          ...ADA,
          carried_out_at: null,
          by_hand: false,
          result: "The branch has moved from cccccccccccc to dddddddddddd since; nothing was done.",
        },
      ],
    }),
  ],
  [
    "merged-and-resolved",
    viewOf({
      resolved_at: STARTED + 26 * MINUTE,
      decisions: [ADA],
      events: [{ at: STARTED + 20 * MINUTE, kind: "pull_request_merged", what: "" }],
    }),
  ],
  [
    "storm",
    {
      ...viewOf(),
      alerts: {
        total: 412,
        firing: 380,
        services: Array.from({ length: 31 }, (_, index) => ({ name: `s${index}`, alerts: 13 })),
        alerts: [],
      },
    },
  ],
  ["back-within-a-day", viewOf({ back_of: "case-0" })],
];

describe("the card and thread of a case", () => {
  it.each(CASES)("read as they are written down: %s", async (name, view) => {
    const card = renderCard(view);
    const replies = renderThread(view);
    for (const message of [card, ...replies.map((reply) => reply.message)]) {
      expect(SlackMessage.safeParse(message).error).toBeUndefined();
    }
    expect(wordsOf(card).length).toBeLessThanOrEqual(MAX_CARD_WORDS);
    const text = [shown(card), ...replies.map(({ key, message }) => `===== reply: ${key}\n${shown(message)}`)].join(
      "\n",
    );
    await expect(text).toMatchFileSnapshot(`golden/${name}.txt`);
  });

  it("follow the incident: fires again, back as another case, and what is left for a person to press", () => {
    const text = (current: Parameters<typeof viewOf>[0]) => wordsOf(renderCard(viewOf(current)));
    const back = { at: STARTED + 41 * MINUTE, kind: "back" as const, what: "12 min after it had cleared" };
    expect(text({ events: [back] })).toContain("Fires again since 10:41 UTC, 12 min after it had cleared.");
    const reopened = { at: STARTED + 90 * MINUTE, kind: "reopened_as" as const, what: "case-2" };
    const over = text({ resolved_at: STARTED + 26 * MINUTE, events: [reopened] });
    expect(over).toContain("Back at 11:30 UTC: case-2 has it.");
    const byHand = text({ decisions: [{ ...ADA, by_hand: true }] });
    expect(byHand).toContain("approved; somebody must press “Ready for review” on it");
  });

  it("carry the fix as a patch where no draft can be opened, and promise none where there is none", () => {
    const patch = "diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n";
    const refused = { pull_request: null, cut: [{ what: "pull request" as const, text: "Revert", why: "no forks" }] };
    const shownOf = (report: Parameters<typeof reportOf>[0]) => {
      const view = { ...viewOf({ pull_request: null }), report: reportOf(report) };
      const thread = renderThread(view).map(({ message }) => shown(message));
      return { card: wordsOf(renderCard(view)), thread: thread.join("\n") };
    };
    const withPatch = shownOf({ ...refused, patch });
    expect(withPatch.card).toContain("as a signed patch in the thread");
    expect(withPatch.thread).toContain("The fix as a patch, to apply with git apply");
    expect(withPatch.thread).toContain("+b");
    const without = shownOf(refused);
    expect(without.card).toContain("not opened as a draft; why is in the thread");
    expect(without.thread).toContain("no forks");
  });

  it("say first that no fault was found, and offer no decision", () => {
    const card = renderCard(viewOf({}, noFault));
    expect(card.blocks[0]).toMatchObject({ type: "header", text: { text: "No fault found: CheckoutErrors" } });
    expect(JSON.stringify(card.blocks)).not.toContain("oncall_approve");
  });

  it("name the one look that would decide it, as a button", () => {
    const actions = renderCard(viewOf({}, inconclusive)).blocks.find(({ type }) => type === "actions");
    expect(actions).toMatchObject({
      elements: [{ action_id: "oncall_look", text: { text: expect.stringContaining("Look now: the log of pricing") } }],
    });
  });

  it("offer nothing to press in shadow mode, after a decision, or once the draft is merged", () => {
    for (const current of [
      { mode: "shadow" as const },
      { decisions: [ADA] },
      { events: [{ at: STARTED, kind: "pull_request_merged" as const, what: "" }] },
      { decisions: [{ ...ADA, carried_out_at: null, result: null }] },
    ]) {
      expect(JSON.stringify(renderCard(viewOf(current)).blocks)).not.toContain("oncall_approve");
    }
    expect(
      JSON.stringify(renderCard(viewOf({ decisions: [{ ...ADA, carried_out_at: null, result: "moved" }] })).blocks),
    ).toContain("oncall_approve");
  });

  it("keep Slack's limits for a report of any size, by cutting whole parts and saying so", () => {
    const long = "x".repeat(40_000);
    const evidence = Array.from({ length: 60 }, (_, index) => ({
      ...{
        id: `l${String(index).padStart(16, "a")}`,
        text: `${index} ${long}`,
        url: `https://logs.example.test/${long.slice(0, 1_900)}`,
      },
      ...{ at: "2026-03-01T10:00:00Z", about: [], shows: "" },
    }));
    const claims = evidence.map(({ id, text }) => ({
      text: `It says ${text}`.slice(0, 2_000),
      supports: [{ id, quote: text.slice(0, 20_000) }],
      contradicts: [],
    }));
    const big = reportOf({
      ...{ claims, evidence, similar: evidence.map(({ id }) => id), diagnosis: claims[0] ?? null },
      runbook: { evidence_id: evidence[0]?.id ?? "", notes: [long, long] },
      gaps: Array.from({ length: 80 }, () => ({
        server: "logs",
        tool: null,
        code: "partial" as const,
        about: [],
        what: long,
        why: long,
      })),
      ruled_out: claims.map((because) => ({ theory: long, because })),
      candidates: Array.from({ length: 90 }, () => ({
        service: "a",
        sha: "b".repeat(40),
        verdict: "cleared" as const,
        reason: { code: "another_path" as const, text: long },
        live_at: null,
        evidence: null,
      })),
    });
    const view = viewOf({ alert: { ...caseOf().alert, name: long } }, big, 9_999);
    const messages = [renderCard(view), ...renderThread(view).map(({ message }) => message)];
    for (const message of messages) expect(SlackMessage.safeParse(message).error).toBeUndefined();
    expect(wordsOf(messages[0] ?? renderCard(view)).length).toBeLessThanOrEqual(MAX_CARD_WORDS);
    expect(JSON.stringify(messages)).toContain("Left out to fit Slack: claim");
  });

  it("let no stranger's text mention anyone, become a link or hide a character", () => {
    const hostile = "<!channel> <@U123> <https://evil.example|click> *b* `c` \u202egnp\u200b \u{e0041} & \u0007";
    const claim = { text: hostile, supports: [{ id: "maaaaaaaaaaaaaaaa", quote: hostile }], contradicts: [] };
    const report = reportOf({
      ...{ diagnosis: claim, claims: [claim] },
      evidence: [{ id: "maaaaaaaaaaaaaaaa", text: hostile, url: `javascript:alert(1)`, about: [], shows: "", at: "" }],
      ...{ similar: [], runbook: null },
    });
    const view = viewOf({ alert: { ...caseOf().alert, name: hostile } }, report);
    for (const message of [renderCard(view), ...renderThread(view).map((reply) => reply.message)]) {
      expect(message.text).not.toMatch(/<[!@#h]/);
      const json = JSON.stringify(message);
      expect(json).not.toMatch(/[\u202e\u200b]|\u{e0041}|\\u0007/u);
      expect(json).not.toContain("javascript:alert");
      expect(json).not.toContain('"mrkdwn"');
      for (const { url } of linksIn(message)) expect(url).not.toContain("evil.example");
    }
    expect(wordsOf(renderCard(view))).toContain("\\u{202e}");
  });
});

function linksIn(value: unknown): { url: string }[] {
  if (value === null || typeof value !== "object") return [];
  const own = "type" in value && value.type === "link" && "url" in value ? [{ url: String(value.url) }] : [];
  return [...own, ...Object.values(value).flatMap(linksIn)];
}
