import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parsePage } from "../../servers/runbooks/src/pages/outline.ts";
import { PageIndex } from "../../servers/runbooks/src/ranking/page-index.ts";
import type { RunbookQuestion } from "../../servers/runbooks/src/ranking/question.ts";
import { rankPages } from "../../servers/runbooks/src/ranking/rank-pages.ts";
import { rankSections } from "../../servers/runbooks/src/ranking/rank-sections.ts";
import { stem } from "../../servers/runbooks/src/ranking/stem.ts";
import { askedTerms, partsOf, topicOf, wordsOf } from "../../servers/runbooks/src/ranking/words.ts";

interface Given {
  readonly title: string;
  readonly body: string;
  readonly labels?: readonly string[];
}

const PAGES: Readonly<Record<string, Given>> = {
  queue: {
    title: "Work queue backlog",
    body: "# Work queue backlog\n\nConsumers lag behind. Add consumers.",
    labels: ["mailer"],
  },
  mailer: {
    title: "Mailer runbook",
    body: "# Mailer runbook\n\nSends mail. Restart it with care.",
    labels: ["mailer"],
  },
  disk: {
    title: "Volume fills up",
    body: "# Volume fills up\n\nFor DiskAlmostFull. Delete old snapshots.",
    labels: ["database"],
  },
  login: {
    title: "Logins fail",
    body: "# Logins fail\n\nThe session store refuses connections. Fail it over.",
    labels: ["accounts"],
  },
  crash: { title: "PodCrashLooping", body: "# PodCrashLooping\n\nSee the logs of the pod.", labels: [] },
};

async function index(pages: Readonly<Record<string, Given>> = PAGES): Promise<PageIndex> {
  return new PageIndex(
    await Promise.all(
      Object.entries(pages).map(async ([id, { title, body, labels = [] }]) => ({
        id,
        title,
        labels,
        parsed: await parsePage(body, title),
      })),
    ),
  );
}

const fits = async (question: RunbookQuestion, pages?: Readonly<Record<string, Given>>) =>
  rankPages(await index(pages), question).flatMap(({ page, fit }) => (fit === undefined ? [] : [`${page.id}: ${fit}`]));

describe("the words of a text", () => {
  test("are an identifier's parts and the identifier as one word, however it is written", () => {
    expect(wordsOf("KubePodCrashLooping")).toEqual(["kube", "pod", "crash", "loop", "kubepodcrashlooping"]);
    expect(wordsOf("kube-pod_crash.looping")).toEqual(["kube", "pod", "crash", "loop", "kubepodcrashlooping"]);
    expect(partsOf("HTTPErrorsHigh")).toEqual(["HTTP", "Errors", "High"]);
  });

  // The examples are the paper's own.
  test.each([
    ["caresses ponies cats", "caress poni cat"],
    ["feed agreed plastered motoring sing", "feed agre plaster motor sing"],
    ["conflated sized hopping falling filing happy sky", "conflat size hop fall file happi sky"],
    ["relational digitizer operator hopefulness formality", "relat digit oper hope formal"],
    ["triplicate formative electrical goodness", "triplic form electr good"],
    ["allowance replacement dependent adoption effective", "allow replac depend adopt effect"],
    ["probate rate cease controlling roll", "probat rate ceas control roll"],
    ["x509 übung oom", "x509 übung oom"],
  ])("lose their endings: %s", (words, stems) => {
    expect(words.split(" ").map(stem).join(" ")).toBe(stems);
  });

  test("say which way something went: `not`, `down` and `out` are words, `the` is none", () => {
    expect(wordsOf("the target is not down, out of space")).toEqual(["target", "not", "down", "out", "space"]);
  });

  test("that are asked for leave out measurements, and names and numbers that no page has", () => {
    const known = new Set(["503", "orders-db", "ordersdb"]);
    const asked = askedTerms("1 % of 36.49 requests to orders-db take 2.708s: 503, then 1432 of FooBar", (term) =>
      known.has(term),
    );
    const words = [...asked].flatMap(([term, weight]) => (weight === 1 ? [term] : []));
    expect(words.sort()).toEqual(["503", "bar", "db", "foo", "order", "ordersdb", "request", "take"]);
  });

  test("of an alert's name leave out its direction and the service's own name", () => {
    expect(topicOf("StorefrontLatencyTooHigh", "storefront")).toEqual(["latency"]);
    expect(topicOf("StorefrontHigh", "storefront")).toEqual(["storefront"]);
  });
});

describe("which pages fit", () => {
  test("is first of all the one that names the alert, in its title or anywhere on it", async () => {
    expect(await fits({ service: "billing", alert: "PodCrashLooping" })).toEqual(["crash: names_alert"]);
    expect(await fits({ service: "billing", alert: "DiskAlmostFull" })).toEqual(["disk: names_alert"]);
  });

  test("is one whose title is about what the alert's name is about, written in another way", async () => {
    expect(await fits({ service: "billing", alert: "WorkQueueBacklogHigh" })).toEqual(["queue: same_topic"]);
  });

  test("is the service's own general page where no page is about the alert", async () => {
    expect(await fits({ service: "mailer", alert: "CertificateExpires" })).toEqual(["mailer: service"]);
  });

  test("is every page of the service when nothing else is asked, the general one first", async () => {
    expect(await fits({ service: "mailer" })).toEqual(["mailer: service", "queue: service"]);
  });

  test("is one that has the symptom's words when there is no alert's name", async () => {
    expect(await fits({ service: "billing", query: "session store refuses connections" })).toEqual(["login: words"]);
  });

  test("is none when no page is about it, though some share a word", async () => {
    expect(await fits({ service: "billing", alert: "PodEvicted" })).toEqual([]);
    expect(await fits({ service: "billing", query: "certificate of the ingress expires in three days" })).toEqual([]);
    expect(await fits({ service: "billing" })).toEqual([]);
    expect(await fits({ service: "billing", alert: "PodCrashLooping" }, {})).toEqual([]);
  });

  test("is not a page about another service on the same topic", async () => {
    const question = { service: "billing", alert: "WorkQueueBacklogHigh", otherServices: new Set(["mailer"]) };
    expect(await fits(question)).toEqual([]);
  });

  test("prefers, of two pages that name the alert, the one labelled with the service", async () => {
    const pages = {
      theirs: { title: "LatencyHigh", body: "# LatencyHigh\n\nShort.", labels: ["search"] },
      ours: { title: "LatencyHigh", body: `# LatencyHigh\n\n${"A longer text. ".repeat(20)}`, labels: ["billing"] },
    };
    const ranked = rankPages(await index(pages), { service: "billing", alert: "LatencyHigh" });
    expect(ranked.map(({ page }) => page.id)).toEqual(["ours", "theirs"]);
  });

  test("lets the symptom decide between two pages that have the alert's name, and not against it", async () => {
    const pages = {
      a: { title: "VolumeFillsUp", body: "# VolumeFillsUp\n\nThe staging cluster only. Ask before you do anything." },
      b: { title: "VolumeFillsUp", body: "# VolumeFillsUp\n\nSnapshots of the orders table take the space." },
      c: { title: "Orders table", body: "# Orders table\n\nSnapshots of the orders table. Its snapshots take space." },
    };
    const question = { service: "billing", alert: "VolumeFillsUp", query: "snapshots of the orders table take space" };
    const ranked = rankPages(await index(pages), question);
    expect(ranked.map(({ page }) => page.id)).toEqual(["b", "a", "c"]);
  });

  test("puts a page that mentions the alert behind the alert's own page, however much it has of the words", async () => {
    const pages = {
      ...PAGES,
      notes: {
        title: "Notes on pods",
        body: "# Notes on pods\n\nUnlike PodCrashLooping: the pod of the logs is gone.",
      },
    };
    const ranked = rankPages(await index(pages), { service: "x", alert: "PodCrashLooping", query: "the pod is gone" });
    expect(ranked.slice(0, 2).map(({ page, fit }) => [page.id, fit])).toEqual([
      ["crash", "names_alert"],
      ["notes", "names_alert"],
    ]);
  });

  test("is not one that has the words of the alert's name and is about more", async () => {
    const pages = {
      ...PAGES,
      grpc: { title: "Failed requests between members of the quorum", body: "# Quorum\n\nCheck the network." },
    };
    expect(await fits({ service: "billing", alert: "RequestsFailing" }, pages)).toEqual([]);
  });

  test("is the page labelled with the service where none is about it as a whole, and it is said that it does no more", async () => {
    expect(await fits({ service: "database", alert: "SlowStatements", query: "statements take long" })).toEqual([
      "disk: service",
    ]);
    expect(await fits({ service: "database", query: "purple elephants dance" })).toEqual(["disk: service"]);
    expect(await fits({ service: "database", query: "old snapshots" })).toEqual(["disk: words"]);
  });

  test("scores each by itself: a page that has nothing of what was asked has little, though it is the only one", async () => {
    const scoreOf = async (query: string) => rankPages(await index(), { service: "mailer", query })[0]?.score ?? 0;
    expect(await scoreOf("purple elephants dance")).toBeLessThan(0.2);
    expect(await scoreOf("restart the mailer that sends mail")).toBeGreaterThan(0.5);
  });

  test("names the nearest pages after those that fit, each once, scored from 0 to 1", async () => {
    const built = await index();
    fc.assert(
      fc.property(
        fc.option(fc.lorem({ maxCount: 2 })),
        fc.option(fc.string()),
        fc.constantFrom("mailer", "billing"),
        (alert, query, service) => {
          const ranked = rankPages(built, { service, alert: alert ?? undefined, query: query ?? undefined });
          expect(new Set(ranked.map(({ page }) => page.id)).size).toBe(ranked.length);
          const firstNear = ranked.findIndex(({ fit }) => fit === undefined);
          expect(ranked.slice(firstNear === -1 ? ranked.length : firstNear).every(({ fit }) => fit === undefined)).toBe(
            true,
          );
          for (const { score } of ranked) expect(score > 0 && score <= 1).toBe(true);
        },
      ),
    );
  });
});

describe("which sections of a page come first", () => {
  const LONG = "Some words to make this section long enough to stand alone. ".repeat(8);
  const sections = async (body: string, question: RunbookQuestion) => {
    const built = await index({ only: { title: "Only", body, labels: [question.service] } });
    return rankSections(built, rankPages(built, question), question).map(({ section }) => section.name);
  };

  test("are those that say what to do, then how to find out, then what it means, then whom to ask", async () => {
    const body = `# Only\n\n${["Meaning", "Escalation", "Diagnosis", "Mitigation"].map((h) => `## ${h}\n\n${LONG}`).join("\n\n")}`;
    expect(await sections(body, { service: "billing" })).toEqual(["Mitigation", "Diagnosis", "Meaning", "Escalation"]);
  });

  test("are those under the alert's own heading on a page for several", async () => {
    const body = `# Only\n\n${["LatencyHigh", "ErrorsHigh"].map((h) => `## ${h}\n\n### Meaning\n\n${LONG}\n\n### Mitigation\n\n${LONG.repeat(6)}`).join("\n\n")}`;
    const ranked = await sections(body, { service: "billing", alert: "ErrorsHigh" });
    expect(ranked.slice(0, 2)).toEqual(["ErrorsHigh > Mitigation", "ErrorsHigh > Meaning"]);
  });
});
