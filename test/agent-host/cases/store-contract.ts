import { beforeEach, describe, expect, it } from "vitest";
import type { CaseDecision } from "../../../agent-host/src/cases/case.ts";
import { type CaseStore, LeaseLost } from "../../../agent-host/src/cases/case-store.ts";
import { openCaseStore } from "../../../agent-host/src/cases/open-case-store.ts";
import { alertOf, ESTATE, resolved, START } from "./alerts.ts";
import { Clock, type OpenTables } from "./table-contract.ts";

const MINUTE = 60_000;

const clicked = (id: string, change: Partial<CaseDecision["decision"]> = {}): CaseDecision => ({
  id,
  decision: {
    schema_version: 1,
    incident: "an incident",
    verb: "approve",
    by: "shell:ana",
    at: "2026-11-30T10:00:00Z",
    report_sha256: "0".repeat(64),
    head: "abc",
    reason: null,
    words: null,
    ...change,
  },
  edits: null,
  revert: null,
  carried_out_at: null,
  by_hand: false,
  result: null,
});

/** What the case store does, over whichever table. `a` and `b` are two processes on the same one. */
export function storeContract(name: string, open: OpenTables): void {
  describe(`the case store on ${name}`, () => {
    let clock: Clock;
    let a: CaseStore;
    let b: CaseStore;

    beforeEach(async () => {
      clock = new Clock();
      const [one, other] = await open(clock);
      const options = { catalog: ESTATE, now: clock.now, leaseMs: 120_000 };
      a = openCaseStore(one, options);
      b = openCaseStore(other, options);
    });

    it("opens a case for an alert, due at once, and keeps it for whoever asks", async () => {
      const claimed = await a.claim(alertOf("checkout"));
      expect(claimed).toEqual({ outcome: "new", caseId: "ErrorRatioHigh-checkout-1796032800", wakeAt: clock.now() });
      const found = await b.find(claimed.caseId ?? "");
      expect(found).toMatchObject({
        state: "open",
        service: "checkout",
        alert: { name: "ErrorRatioHigh", started_at: START },
      });
      expect(await b.due()).toEqual([{ id: claimed.caseId, dueAt: clock.now() }]);
      expect((await b.list()).map(({ id }) => id)).toEqual([claimed.caseId]);
    });

    it("takes the same alert for the same case, whoever delivers it, however often and all at once", async () => {
      const deliveries = Array.from({ length: 12 }, (_, index) => (index % 2 ? a : b).claim(alertOf("checkout")));
      const claimed = await Promise.all(deliveries);
      expect(new Set(claimed.map(({ caseId }) => caseId)).size).toBe(1);
      expect((await a.claim(alertOf("checkout"))).outcome).toBe("repeat");
      expect(await a.list()).toHaveLength(1);
      expect(await a.alertsOf(claimed[0]?.caseId ?? "")).toMatchObject({ total: 1, firing: 1 });
    });

    it("folds alerts that one fault could explain into one case, and counts them", async () => {
      const first = await a.claim(alertOf("storefront"));
      const second = await b.claim(alertOf("payments", { at: START + 2 * MINUTE }));
      const third = await a.claim(alertOf("checkout", { at: START + MINUTE, alert: "LatencyHigh" }));
      expect([second, third]).toMatchObject([
        { outcome: "folded", caseId: first.caseId },
        { outcome: "folded", caseId: first.caseId },
      ]);
      expect(await b.alertsOf(first.caseId ?? "")).toMatchObject({
        total: 3,
        firing: 3,
        services: [{ alerts: 1 }, { alerts: 1 }, { alerts: 1 }],
      });
    });

    it("does not fold what no dependency connects, nor what came much later", async () => {
      const first = await a.claim(alertOf("storefront"));
      const apart = await a.claim(alertOf("reports"));
      const later = await a.claim(alertOf("search", { at: START + 30 * MINUTE }));
      expect([apart.outcome, later.outcome]).toEqual(["new", "new"]);
      expect(new Set([first.caseId, apart.caseId, later.caseId]).size).toBe(3);
    });

    it("looks at the service that the others depend on, not at the one that paged first", async () => {
      const { caseId } = await a.claim(alertOf("storefront"));
      await a.claim(alertOf("payments", { at: START + 2 * MINUTE }));
      await a.claim(alertOf("checkout", { at: START + MINUTE }));
      const incident = await a.incidentOf(caseId ?? "");
      expect(incident).toMatchObject({ id: caseId, service: "payments" });
      expect(incident?.related.map(({ service }) => service)).toEqual(["storefront", "checkout"]);
      expect(incident?.notes.at(-1)).toContain("3 alerts of 3 services");
    });

    it("folds whatever comes into one case when more fails than dependencies explain", async () => {
      const unknown = Array.from({ length: 12 }, (_, index) => alertOf(null, { fingerprint: `stray-${index}` }));
      for (const stray of unknown) await a.claim(stray);
      const cases = await a.list();
      expect(cases).toHaveLength(5);
      const counts = await Promise.all(cases.map(async ({ id }) => (await a.alertsOf(id)).total));
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(12);
      expect(cases.filter(({ widespread }) => widespread)).toHaveLength(1);
    });

    it("records that an alert cleared and that it is back, on its case", async () => {
      const alert = alertOf("checkout");
      const { caseId } = await a.claim(alert);
      const id = caseId ?? "";
      clock.pass(5 * MINUTE);
      expect(await b.claim(resolved(alert))).toMatchObject({ outcome: "resolved", caseId });
      expect(await a.alertsOf(id)).toMatchObject({ total: 1, firing: 0, alerts: [{ resolved_at: clock.now() }] });
      expect((await b.claim(resolved(alert))).outcome).toBe("repeat");
      await a.change(id, (current) => ({ ...current, state: "settled", resolved_at: clock.now() }));
      clock.pass(60 * MINUTE);
      expect(await a.claim(alertOf("checkout", { at: clock.now() }))).toMatchObject({ outcome: "back", caseId });
      expect(await a.alertsOf(id)).toMatchObject({ total: 2, firing: 1 });
    });

    it("opens a new case for an alert that is back after its case has ended, and names that one", async () => {
      const { caseId } = await a.claim(alertOf("checkout"));
      const ended = { state: "ended" as const, resolved_at: clock.now(), ended_at: clock.now() };
      await a.change(caseId ?? "", (current) => ({ ...current, ...ended }));
      clock.pass(90 * MINUTE);
      const back = await a.claim(alertOf("checkout", { at: clock.now() }));
      expect(back.outcome).toBe("new");
      expect(await a.find(back.caseId ?? "")).toMatchObject({ back_of: caseId });
    });

    it("takes what cleared for the last alert of its kind, when only its clearing has a time", async () => {
      const { caseId } = await a.claim(alertOf("checkout", { source: "cloudwatch" }));
      const clearing = alertOf("checkout", { source: "cloudwatch", at: START + 7 * MINUTE, status: "resolved" });
      expect(await a.claim(clearing)).toMatchObject({ outcome: "resolved", caseId });
      expect((await a.alertsOf(caseId ?? "")).alerts).toMatchObject([{ resolved_at: START + 7 * MINUTE }]);
    });

    it("ignores what cleared and was never heard of", async () => {
      expect(await a.claim(resolved(alertOf("checkout")))).toEqual({ outcome: "ignored", caseId: null, wakeAt: null });
      expect(await a.list()).toEqual([]);
    });

    it("gives a case to one worker at a time, and to the next when the first is silent for too long", async () => {
      const id = (await a.claim(alertOf("checkout"))).caseId ?? "";
      const tries = await Promise.all([a, b, a, b].map((store, index) => store.take(id, `worker ${index}`)));
      expect(tries.filter((taken) => taken !== null)).toHaveLength(1);
      const first = tries.find((taken) => taken !== null);
      expect(await a.due()).toEqual([{ id, dueAt: clock.now() + 120_000 }]);
      clock.pass(120_000);
      const second = await b.take(id, "the next");
      expect(second?.lease.worker).toBe("the next");
      if (!first || !second) throw new Error("nobody took it");
      await expect(a.change(id, (current) => ({ ...current, proposed: true }), first.lease)).rejects.toThrow(LeaseLost);
      await expect(a.renew(first.lease)).rejects.toThrow(LeaseLost);
      await expect(a.giveBack(first.lease, null)).rejects.toThrow(LeaseLost);
      await b.change(id, (current) => ({ ...current, proposed: true }), second.lease);
      expect(await a.find(id)).toMatchObject({ proposed: true });
    });

    it("keeps a lease that is renewed", async () => {
      const id = (await a.claim(alertOf("checkout"))).caseId ?? "";
      const taken = await a.take(id, "one");
      if (!taken) throw new Error("not taken");
      clock.pass(100_000);
      const lease = await a.renew(taken.lease);
      clock.pass(100_000);
      expect(await b.take(id, "other")).toBeNull();
      await a.change(id, (current) => ({ ...current, proposed: true }), lease);
    });

    it("is due again when it is given back with a time, and not when there is nothing more to do", async () => {
      const id = (await a.claim(alertOf("checkout"))).caseId ?? "";
      const first = await a.take(id, "one");
      if (!first) throw new Error("not taken");
      expect(await a.giveBack(first.lease, clock.now() + MINUTE)).toBe(clock.now() + MINUTE);
      expect(await b.due()).toEqual([{ id, dueAt: clock.now() + MINUTE }]);
      const second = await b.take(id, "two");
      if (!second) throw new Error("not taken");
      expect(await b.giveBack(second.lease, null)).toBeNull();
      expect(await a.due()).toEqual([]);
    });

    it("stays due for what came while it was worked on", async () => {
      const id = (await a.claim(alertOf("storefront"))).caseId ?? "";
      const taken = await a.take(id, "one");
      if (!taken) throw new Error("not taken");
      const folded = await b.claim(alertOf("checkout"));
      expect(folded).toMatchObject({ outcome: "folded", caseId: id });
      const lease = await a.renew(taken.lease);
      expect(await a.giveBack(lease, null)).toBe(folded.wakeAt);
      expect(await b.due()).toEqual([{ id, dueAt: folded.wakeAt }]);
    });

    it("makes one decision of two clicks at once", async () => {
      const id = (await a.claim(alertOf("checkout"))).caseId ?? "";
      const clicks = await Promise.allSettled([
        a.decide(id, clicked("click-1")),
        b.decide(id, clicked("click-2", { verb: "reject", by: "shell:ben", reason: "wrong_cause" })),
      ]);
      expect(clicks.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
      const refused = clicks.find((click) => click.status === "rejected");
      expect(String(refused?.reason)).toMatch(
        /shell:(ana decided already, at .*: approve|ben decided already, at .*: reject)$/,
      );
      expect((await a.find(id))?.decisions).toHaveLength(1);
    });

    it("takes the same click twice for one, lets an edit come before an approval, and asks whether it may", async () => {
      const id = (await a.claim(alertOf("checkout"))).caseId ?? "";
      await a.decide(id, clicked("click-1", { verb: "edit" }));
      await b.decide(id, clicked("click-1", { verb: "edit" }));
      await expect(a.decide(id, clicked("click-2"), () => "the branch has moved")).rejects.toThrow(
        "the branch has moved",
      );
      await b.decide(id, clicked("click-3"));
      expect((await a.find(id))?.decisions.map((one) => one.decision.verb)).toEqual(["edit", "approve"]);
    });

    it("loses no change of many at once", async () => {
      const id = (await a.claim(alertOf("checkout"))).caseId ?? "";
      const event = (what: string) => ({ at: START, kind: "decided" as const, what });
      const changes = Array.from({ length: 10 }, (_, index) =>
        (index % 2 ? a : b).change(id, (current) => ({ ...current, events: [...current.events, event(`${index}`)] })),
      );
      await Promise.all(changes);
      expect((await a.find(id))?.events).toHaveLength(10);
    });

    it("keeps a document of any size, byte for byte", async () => {
      const id = (await a.claim(alertOf("checkout"))).caseId ?? "";
      const noise = Array.from({ length: 60_000 }, (_, index) => (index * 2_654_435_761) % 4_294_967_296).join(" ☂ ");
      const ref = await a.keepDocument(id, noise);
      expect(ref.bytes).toBe(Buffer.byteLength(noise));
      expect(await b.document(id, ref)).toBe(noise);
      expect(await b.document(id, await b.keepDocument(id, ""))).toBe("");
    });

    it("says to the first who asks that he is the first", async () => {
      const asked = await Promise.all([
        a.once("click-1", MINUTE),
        b.once("click-1", MINUTE),
        a.once("click-2", MINUTE),
      ]);
      expect([asked.slice(0, 2).filter(Boolean).length, asked[2]]).toEqual([1, true]);
      clock.pass(MINUTE);
      expect(await b.once("click-1", MINUTE)).toBe(true);
    });

    it("lists the newest first, by state, and goes on from an instant", async () => {
      for (const minutes of [0, 30, 60]) {
        await a.claim(alertOf("search", { at: START + minutes * MINUTE, fingerprint: `f${minutes}` }));
        clock.pass(30 * MINUTE);
      }
      const ids = async (options?: Parameters<CaseStore["list"]>[0]) =>
        (await b.list(options)).map(({ alert }) => alert.fingerprint);
      expect(await ids()).toEqual(["f60", "f30", "f0"]);
      expect(await ids({ limit: 1 })).toEqual(["f60"]);
      expect(await ids({ before: START + 60 * MINUTE })).toEqual(["f30", "f0"]);
      await a.change((await a.list()).at(-1)?.id ?? "", (current) => ({ ...current, state: "ended" }));
      expect(await ids({ state: "ended", limit: 1 })).toEqual(["f0"]);
    });

    it("keeps nothing of a case past its time", async () => {
      const id = (await a.claim(alertOf("checkout"))).caseId ?? "";
      clock.pass(400 * 24 * 3_600_000);
      expect(await b.find(id)).toBeNull();
      expect(await b.list()).toEqual([]);
      expect(await b.alertsOf(id)).toMatchObject({ total: 0 });
      expect((await b.claim(alertOf("checkout", { at: clock.now() }))).outcome).toBe("new");
    });
  });
}
