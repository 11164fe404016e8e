import { gzipSync } from "node:zlib";
import { collectEvidence, verifyEvidence } from "@oncall-copilot/core";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { type PretendPage, startConfluence } from "../../support/confluence/server.ts";
import { closeServers, sendJson } from "../../support/http/server.ts";
import { cleanupRecordings } from "../../support/recording.ts";
import { KEY } from "../ask.ts";
import { ask, asked, CLOUD, CLOUD_LOGIN, confluenceServer, LATENCY, PRICING } from "./ask.ts";

afterEach(closeServers);
afterAll(cleanupRecordings);

const MITIGATION = `## Mitigation

For \`StorefrontLatencyHigh\`: roll it back.

\`\`\`sh
kubectl -n shop rollout undo deploy/storefront \\
  --to-revision="$(last good)" # <revision>
\`\`\``;
const shown = (structured: Record<string, unknown>) =>
  (structured["sections"] as { page: string; evidence: { text: string; url: string } }[]) ?? [];
const cqlOf = ({ url }: { url: URL }) => url.searchParams.get("cql") ?? "";

describe("read_runbook of Confluence", () => {
  it.each([
    ["Cloud", "cloud", "/wiki", CLOUD, CLOUD_LOGIN, "#Mitigation"],
    [
      "Data Center with a personal access token",
      "data-center",
      "/confluence",
      { ONCALL_RUNBOOKS_CONFLUENCE_TOKEN: "pat" },
      "Bearer pat",
      "#Storefrontlatency-Mitigation",
    ],
    [
      "Data Center with a password",
      "data-center",
      "/confluence/",
      { ONCALL_RUNBOOKS_CONFLUENCE_USERNAME: "copilot", ONCALL_RUNBOOKS_CONFLUENCE_PASSWORD: "pä:ss" },
      `Basic ${Buffer.from("copilot:pä:ss").toString("base64")}`,
      "#Storefrontlatency-Mitigation",
    ],
  ] as const)(
    "answers from %s, word for word, with version, editor, age and a link to the section",
    async (_, kind, path, env, authorization, anchor) => {
      const { url, received } = await startConfluence({ kind, pages: [LATENCY, PRICING], authorization });
      const server = await confluenceServer(`${url}${path}`, env);
      const { structured, text } = await ask(server, asked);
      expect(structured).toMatchObject({
        outcome: "found",
        sections: [
          {
            page: "1001",
            title: "Storefront latency",
            version: "7",
            updated: "2026-02-01",
            age_days: 28,
            editor: "Chidi Okafor",
            fit: "names_alert",
            decay: [],
          },
        ],
      });
      const [section] = shown(structured);
      expect(section?.evidence.text).toBe(MITIGATION);
      expect(section?.evidence.url).toBe(`${url}${path.replace(/\/$/, "")}/spaces/OPS/pages/1001${anchor}`);
      expect(text).toContain("updated 2026-02-01, 28 days ago by Chidi Okafor");
      for (const item of collectEvidence(structured).values()) expect(verifyEvidence(KEY, item)).toBe(true);
      expect(received.every(({ method }) => method === "GET")).toBe(true);
      await server.close?.();
    },
  );

  it("asks for a list at each call, and for the text of a page once a version", async () => {
    const pages = [LATENCY, PRICING];
    const { url, received } = await startConfluence({ kind: "cloud", pages });
    const server = await confluenceServer(`${url}/wiki`);
    await ask(server, asked);
    expect(received).toHaveLength(2);
    await ask(server, asked);
    expect(received).toHaveLength(3);
    const changed = (LATENCY.storage ?? "").replace("roll it back", "call team-storefront");
    pages[0] = { ...LATENCY, version: 8, when: "2026-02-02T00:00:00Z", storage: changed };
    const { structured } = await ask(server, asked);
    expect(shown(structured)[0]?.evidence.text).toContain("call team-storefront");
    expect(cqlOf(received[4] ?? { url: new URL("x:y") })).toContain("id in (1001)");
    expect(received).toHaveLength(5);
    pages.shift();
    expect((await ask(server, asked)).structured).toMatchObject({ outcome: "nothing_found" });
  });

  it("reads hundreds of pages whole, over as many turns as it takes", async () => {
    const pages = Array.from(
      { length: 430 },
      (_, i): PretendPage => ({ id: String(2000 + i), title: `Page ${i}`, storage: "<p>x</p>" }),
    );
    for (const kind of ["cloud", "data-center"] as const) {
      const { url, received } = await startConfluence({ kind, pages: [...pages, LATENCY] });
      const server = await confluenceServer(`${url}${kind === "cloud" ? "/wiki" : "/confluence"}`);
      const { structured } = await ask(server, asked);
      expect(structured["summary"]).toContain("of 1 that fit and 431 searched");
      expect(received).toHaveLength(3 + 9); // three lists of 200, nine texts of 50
    }
  });

  it("never shows what is outside of the configured spaces, not even when Confluence gives it", async () => {
    const secret: PretendPage = { ...LATENCY, id: "1003", title: "StorefrontLatencyHigh", space: "HR" };
    const { url, received } = await startConfluence({ kind: "cloud", pages: [LATENCY, secret] });
    const server = await confluenceServer(`${url}/wiki`);
    expect(shown((await ask(server, asked)).structured).map(({ page }) => page)).toEqual(["1001"]);
    for (const request of received) expect(cqlOf(request)).toMatch(/^type = page and space in \("OPS"\)/);
    expect((await ask(server, { service: "storefront", page: "1003" })).structured).toMatchObject({
      outcome: "bad_request",
    });

    const careless = await startConfluence({
      kind: "cloud",
      pages: [LATENCY, secret],
      instead: ({ url: { searchParams } }) => {
        searchParams.set(
          "cql",
          (searchParams.get("cql") ?? "").replace(/space in \("OPS"\)/, 'space in ("OPS", "HR")'),
        );
        return false;
      },
    });
    const { structured } = await ask(await confluenceServer(`${careless.url}/wiki`), asked);
    expect(shown(structured).map(({ page }) => page)).toEqual(["1001"]);
    expect(structured["gaps"]).toEqual(["what is no page of the configured spaces was held back: 1"]);
  });

  it("leaves out, and says so, pages that are broken, too deep or too long, and those of later", async () => {
    const pages: PretendPage[] = [
      LATENCY,
      { id: "11", title: "Broken", storage: "<p>StorefrontLatencyHigh <b>x</p>" },
      { id: "12", title: "Deep", storage: `${"<div>".repeat(300)}StorefrontLatencyHigh${"</div>".repeat(300)}` },
      { id: "13", title: "Long", storage: `<p>${"StorefrontLatencyHigh ".repeat(10_000)}</p>` },
      { id: "14", title: "StorefrontLatencyHigh", storage: "<p>x</p>", when: "2026-03-02T00:00:00Z" },
    ];
    const { url } = await startConfluence({ kind: "cloud", pages });
    const { structured } = await ask(await confluenceServer(`${url}/wiki`), asked);
    expect(shown(structured).map(({ page }) => page)).toEqual(["1001"]);
    expect(structured["gaps"]).toEqual([
      expect.stringMatching(/^runbook page 11 \("Broken"\) was left out: its storage format is not well-formed \(/),
      'runbook page 12 ("Deep") was left out: it is nested deeper than 200 elements',
      expect.stringMatching(/^runbook page 13 \("Long"\) was left out: 220007 characters, more than 200000/),
      "runbook pages updated after this moment are left out: 1",
    ]);
  });

  it("asks for fewer texts at a time when together they are too much, and leaves out what is too much alone", async () => {
    const pages = Array.from(
      { length: 40 },
      (_, i): PretendPage => ({ ...LATENCY, id: String(3000 + i), title: `Page ${i}` }),
    );
    const huge = gzipSync(Buffer.alloc(33 * 1_048_576, " "));
    const { url } = await startConfluence({
      kind: "cloud",
      pages,
      instead: (request, response) => {
        const ids: readonly string[] = cqlOf(request).match(/\b30\d\d\b/g) ?? [];
        const tooMuch = ids.length > 12 || ids.includes("3007");
        if (tooMuch) response.writeHead(200, { "content-encoding": "gzip" }).end(huge);
        return tooMuch;
      },
    });
    const { structured } = await ask(await confluenceServer(`${url}/wiki`), { ...asked, limit: 1 });
    expect(structured["summary"]).toContain("of 39 that fit and 39 searched");
    expect(structured["gaps"]).toEqual(['runbook page 3007 ("Page 7") was left out: it is too large']);
  });

  it("answers with what it could read when some texts fail, and names the gap", async () => {
    const pages = Array.from(
      { length: 60 },
      (_, i): PretendPage => ({ id: String(2000 + i), title: `Page ${i}`, storage: "<p>x</p>" }),
    );
    const { url } = await startConfluence({
      kind: "cloud",
      pages: [LATENCY, ...pages],
      instead: (request, response) => {
        const broken = cqlOf(request).includes("2059");
        if (broken) sendJson(response, 500, {});
        return broken;
      },
    });
    const { structured } = await ask(await confluenceServer(`${url}/wiki`), asked);
    expect(structured["outcome"]).toBe("found");
    expect(structured["gaps"]).toEqual([
      expect.stringMatching(/^could not look at 11 runbook pages: Confluence at .* failed \(500\)/),
    ]);
  });

  it("tells which linked page is gone, as far as these spaces go", async () => {
    const link = (title: string, space = "") => `<ac:link><ri:page ri:content-title="${title}"${space} /></ac:link>`;
    const storage = `<p>StorefrontLatencyHigh: ${link("Pricing runbook")} ${link("Old &amp; gone")} ${link("Elsewhere", ' ri:space-key="HR"')}</p>`;
    const { url } = await startConfluence({ kind: "cloud", pages: [{ ...LATENCY, storage }, PRICING] });
    const { structured } = await ask(await confluenceServer(`${url}/wiki`), asked);
    expect(structured).toMatchObject({ sections: [{ decay: ['links to the page "Old & gone", which is gone'] }] });
  });

  it("reads on by the number or the title of a page", async () => {
    const { url } = await startConfluence({ kind: "cloud", pages: [LATENCY, PRICING] });
    const server = await confluenceServer(`${url}/wiki`);
    for (const page of ["1001", "storefront LATENCY"]) {
      const { structured } = await ask(server, { service: "storefront", page, section: "Mitigation" });
      expect(shown(structured)[0]?.evidence.text).toBe(MITIGATION);
    }
  });

  it("has a clock that differs from ours says so as a gap", async () => {
    const { url } = await startConfluence({
      kind: "cloud",
      pages: [LATENCY],
      instead: (_, response) => {
        response.setHeader("date", new Date(Date.now() - 300_000).toUTCString());
        return false;
      },
    });
    const { structured } = await ask(await confluenceServer(`${url}/wiki`), asked);
    expect(structured["gaps"]).toEqual([
      expect.stringMatching(/this machine's clock is 30[01] s ahead of the one of Confluence/),
    ]);
  });
});

describe("read_runbook of a Confluence with more pages than can be read whole", () => {
  const WORDS = "node disk queue cache deploy token image volume certificate replica".split(" ");
  const others = Array.from(
    { length: 700 },
    (_, i): PretendPage => ({
      id: String(20_000 + i),
      title: `${WORDS[i % 10]} ${WORDS[(i * 7 + 3) % 10]} ${i}`,
      storage: `<h2>Meaning</h2><p>The ${WORDS[(i * 3) % 10]} of part ${i} is ${WORDS[(i * 5 + 1) % 10]}.</p><p>Restart, look at the latency, and wait.</p>`,
    }),
  );
  const start = () =>
    startConfluence({ kind: "cloud", pages: [...others.slice(0, 300), LATENCY, PRICING, ...others.slice(300)] });

  it("has Confluence search for the pages that may fit, in few requests", async () => {
    const { url, received } = await start();
    const server = await confluenceServer(`${url}/wiki`);
    const { structured } = await ask(server, { ...asked, query: "p99 latency of the storefront above 1.5 s" });
    expect(shown(structured).map(({ page }) => page)).toEqual(["1001"]);
    expect(structured["summary"]).toMatch(/of 1 that fit and the likeliest \d+ searched/);
    const first = received.length;
    expect(first).toBeLessThanOrEqual(13);
    await ask(server, asked);
    expect(received.length - first).toBeLessThanOrEqual(7);
    for (const request of received) expect(cqlOf(request)).toMatch(/^type = page and space in \("OPS"\)/);
  });

  it("ranks as it would if it had read them all", async () => {
    const { url } = await start();
    const questions = [
      { ...asked, query: "p99 latency of the storefront above 1.5 s" },
      { service: "pricing" },
      { service: "pricing", query: "pricing-db needs a restart" },
      { service: "checkout", alert: "CheckoutCertificateExpired" },
    ];
    const server = await confluenceServer(`${url}/wiki`);
    const whole = await confluenceServer(`${url}/wiki`, { ONCALL_RUNBOOKS_CONFLUENCE_WHOLE: "2000" });
    for (const question of questions) {
      const [some, all] = [await ask(server, question), await ask(whole, question)];
      expect(some.structured["outcome"]).toBe(all.structured["outcome"]);
      expect(shown(some.structured).map(({ evidence }) => evidence)).toEqual(
        shown(all.structured).map(({ evidence }) => evidence),
      );
    }
  }, 30_000);

  it("takes them for too many from the first one on, wherever Confluence ends its turns", async () => {
    for (const [count, scope] of [
      [500, "500 searched"],
      [501, "the likeliest"],
      [599, "the likeliest"],
    ] as const) {
      const { url } = await startConfluence({ kind: "cloud", pages: [LATENCY, ...others.slice(0, count - 1)] });
      expect((await ask(await confluenceServer(`${url}/wiki`), asked)).structured["summary"]).toContain(scope);
    }
  }, 30_000);

  it("finds a page by its number or title, and else names what is near", async () => {
    const { url } = await start();
    const server = await confluenceServer(`${url}/wiki`);
    for (const page of ["1001", "Storefront latency"]) {
      expect((await ask(server, { service: "storefront", page })).structured).toMatchObject({
        sections: [{ page: "1001" }],
      });
    }
    expect((await ask(server, { service: "storefront", page: "Storefront latencies" })).structured).toMatchObject({
      outcome: "bad_request",
      try_next: [expect.stringContaining("Storefront latency"), expect.any(String)],
    });
  });

  it("takes whatever is asked as words and never as a query", async () => {
    const { url, received } = await start();
    const server = await confluenceServer(`${url}/wiki`);
    const hostile = '") or space = HR or title ~ ("* \\" AND (x:y) -z';
    for (const args of [
      { ...asked, alert: hostile.slice(0, 200), query: hostile },
      { service: "storefront", page: hostile },
    ]) {
      expect((await ask(server, args)).structured["outcome"]).toMatch(/nothing_found|found|bad_request/);
    }
    const sent = received.map(cqlOf).filter((cql) => /\bhr\b/i.test(cql));
    expect(sent.length).toBeGreaterThan(0);
    for (const cql of sent)
      expect(cql).toMatch(
        /^type = page and space in \("OPS"\) and \((?:(?:title|text) (?:~|=) "(?:[^"\\]|\\.)*"(?: or )?)+\)$/,
      );
  });

  it("answers from the other ways of looking when one fails, and names the gap", async () => {
    const { url } = await startConfluence({
      kind: "cloud",
      pages: [...others, LATENCY],
      instead: (request, response) => {
        const broken = cqlOf(request).includes("label in");
        if (broken) sendJson(response, 500, {});
        return broken;
      },
    });
    const { structured } = await ask(await confluenceServer(`${url}/wiki`), asked);
    expect(shown(structured).map(({ page }) => page)).toEqual(["1001"]);
    expect(structured["gaps"]).toEqual([
      expect.stringMatching(/^could not look for runbook pages in 1 of 5 ways: .*failed \(500\)/),
    ]);
  });
});
