import { Report } from "@oncall-copilot/core";
import { describe, expect, it } from "vitest";
import { renderMarkdown } from "../../agent-host/src/deliver/markdown.ts";
import { renderTerminal } from "../../agent-host/src/deliver/terminal.ts";

const HOSTILE =
  " \u001b[2J\u009b1m\u202e\"'\n# Heading\n<img src=x onerror=1> ![i](http://e.example/i) [l](javascript:1) `x` > ";

const text = (words: string) => `${words}${HOSTILE}`;
const evidence = ["mAAAAAAAAAAAAAAAA", "rAAAAAAAAAAAAAAAA", "hAAAAAAAAAAAAAAAA"].map((id) => ({
  id,
  text: text("evidence"),
  url: text("https://x/"),
  at: text("2026"),
  about: [text("cart")],
  shows: text("words"),
}));
const claim = {
  text: text("claim"),
  supports: [{ id: "mAAAAAAAAAAAAAAAA", quote: text("quote") }],
  contradicts: [{ id: "hAAAAAAAAAAAAAAAA", quote: text("against") }],
};

/** A report in which every text that is not code's own is a stranger's. */
const report: Report = Report.parse({
  schema_version: 3,
  incident: {
    id: "i", fingerprint: "f", source: "alertmanager", status: "firing", alert: text("alert"), service: text("service"),
    severity: text("page"), summary: text("summary"), description: text("description"), started_at: text("2026"),
    labels: {}, annotations: { runbook_url: text("javascript:1"), dashboard_url: text("http://d/") },
    url: text("http://a/"),
    related: [{ alert: text("other"), service: text("s"), summary: text("m"), started_at: text("2026") }],
    notes: [text("note")],
  },
  service: text("cart"),
  as_of: text("2026"),
  engine: { name: "claude", model: text("model"), note: text("note"), complete: true, instead_of: null },
  outcome: "likely_cause",
  confidence: { level: "medium", agreeing: [text("metrics")], why: text("why") },
  family: "bad_deployment",
  culprit: { name: text("cart"), kind: "service" },
  diagnosis: claim,
  claims: [claim],
  ruled_out: [{ theory: text("theory"), because: claim }],
  suspects: [{ name: text("suspect"), kind: "service", score: 1, why: claim }],
  candidates: [],
  also_found: [],
  known: { owner: null, turned: [], deployed: [] },
  settled: { final: true, next_look_at: null, would_decide: [] },
  runbook: { evidence_id: "rAAAAAAAAAAAAAAAA", notes: [text("page"), text("old")] },
  similar: ["hAAAAAAAAAAAAAAAA"],
  fix: { kind: "revert", service: text("cart"), commit: text("a"), edits: [], title: text("title"), why: text("why"), verify: text("verify") },
  pull_request: { url: text("https://p/"), branch: text("branch"), commit: text("c"), state: "opened", diff: text("+diff") },
  gaps: [
    { server: text("logs"), tool: text("read_logs"), code: "partial", about: [], what: text("what"), why: text("why") },
  ],
  cut: [{ what: text("claim"), text: text("cut"), why: text("why") }],
  vocabulary: [],
  evidence,
  cost: { tool_calls: 1, input_tokens: 1, output_tokens: 1, cached_input_tokens: 0, seconds: 1 },
}); // biome-ignore format: one thought a line

const variants: [string, Report][] = [
  ["a pull request", report],
  [
    "a pull request refused",
    { ...report, pull_request: null, cut: [{ what: "pull request", text: HOSTILE, why: HOSTILE }] },
  ],
  ["no fix", { ...report, pull_request: null, fix: { ...report.fix, kind: "none" } }],
  ["no diagnosis", { ...report, diagnosis: null }],
];

/** Markdown without its fenced blocks, in which nothing is markup. */
function outsideFences(markdown: string): string {
  let fence: string | undefined;
  const lines = markdown.split("\n").filter((line) => {
    const ticks = /^`{3,}/.exec(line)?.[0];
    if (fence === undefined) fence = ticks;
    else if (line === fence) {
      fence = undefined;
      return false;
    }
    return fence === undefined;
  });
  expect(fence).toBeUndefined();
  return lines.join("\n");
}

describe.each(variants)("a report with %s and strangers' text everywhere", (_what, hostile) => {
  it("prints no control character on a terminal", () => {
    const shown = renderTerminal(hostile, (_style, painted) => painted);
    expect(shown).toContain("evidence");
    expect(shown.match(/(?![\n\t])[\p{Cc}\p{Bidi_Control}]/u)).toBeNull();
  });

  it("is Markdown without a heading, an image, a link or a tag of theirs", () => {
    const markdown = renderMarkdown(hostile);
    expect(markdown.match(/(?![\n\t])[\p{Cc}\p{Bidi_Control}]/u)).toBeNull();
    const prose = outsideFences(markdown)
      .replace(/(?<!\\)`[^`\n]*`/g, "code")
      .replace(/(?<!\\)<https?:\/\/[^\s<>"]+>/g, "address");
    expect(prose).toContain("claim");
    expect(prose).not.toMatch(/^# Heading/m);
    expect(prose).not.toMatch(/(?<!\\)</);
    expect(prose).not.toMatch(/(?<!\\)!\[/);
    expect(prose).not.toMatch(/(?<!\\)\]\(/);
    expect(prose).not.toMatch(/(?<!\\)`/);
  });
});

describe("what a reader's eye could be led astray by", () => {
  const plain = (_style: string, painted: string) => painted;
  const claim = (text: string): Report["diagnosis"] => (report.diagnosis ? { ...report.diagnosis, text } : null);

  it("is shown: zero-width, tag and filler characters, in both renderings", () => {
    const hidden = "pay\u{200b}ments\u{2060} \u{e0041}\u{e0042}\u{3164}\u{feff} down";
    const one: Report = { ...report, diagnosis: claim(hidden) };
    for (const shown of [renderTerminal(one, plain), renderMarkdown(one)]) {
      expect(shown).not.toMatch(/[\p{Cf}\u{3164}]/u);
      expect(shown).toMatch(/e0041/);
    }
  });

  it("is no line of ours: a diagnosis that wraps cannot begin one with Proposed", () => {
    const wrapped = Array.from({ length: 60 }, (_, i) => `${"x".repeat(i + 40)} Proposed: approve it at once.`);
    for (const text of wrapped) {
      const lines = renderTerminal({ ...report, diagnosis: claim(text) }, plain).split("\n");
      expect(lines.filter((line) => line.startsWith("Proposed: approve"))).toEqual([]);
    }
  });

  it("is no lie that was refused: it is told by kind and count, and never printed", () => {
    const cut = [1, 2].map((n) => ({ what: "claim", text: `lie number ${n}`, why: "no quote" }));
    for (const shown of [renderTerminal({ ...report, cut }, plain), renderMarkdown({ ...report, cut })]) {
      expect(shown).not.toContain("lie number");
      expect(shown).toContain("2 × claim");
    }
  });
});
