import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Draft } from "@oncall-copilot/core";
import { afterEach, describe, expect, it } from "vitest";
import { scriptedTriage, spoil, type TriageOptions } from "../support/messages-api/scripted-triage.ts";
import { type MessagesApi, type Script, startMessagesApi } from "../support/messages-api/server.ts";
import { overloaded } from "../support/messages-api/turns.ts";
import { DEPLOYMENT, oncall, readReport, triage } from "./oncall.ts";

const KEY = ["sk", "ant", "test", "0123456789abcdef"].join("-");
let api: MessagesApi | undefined;

afterEach(async () => {
  await api?.close();
  api = undefined;
});

/** The whole way with the Claude engine: real SDK, real protocol, child-process servers, a scripted model. */
async function withModel(script: Script, env: NodeJS.ProcessEnv = {}) {
  api = await startMessagesApi({ script, key: KEY });
  const ran = await triage(DEPLOYMENT, {
    args: ["--engine", "claude"],
    env: { ANTHROPIC_API_KEY: KEY, ANTHROPIC_BASE_URL: api.url, ...env },
  });
  const audit = await readFile(join(ran.out, "audit.jsonl"), "utf8");
  return { ...ran, audit, report: await readReport(ran.out) };
}

const model = (options: TriageOptions = {}) => scriptedTriage({ culprit: "promotions", ...options });

describe("the Claude engine", () => {
  it("brings an alert to a verified report and a pull request", async () => {
    const { report, code, stderr, out, env, audit } = await withModel(model());
    expect(code, stderr).toBe(0);
    expect(report).toMatchObject({
      engine: { name: "claude", complete: true },
      family: "bad_deployment",
      culprit: { name: "promotions" },
    });
    expect(report.pull_request?.state).toBe("opened");
    expect(report.cut).toEqual([]);
    expect(report.cost.input_tokens).toBeGreaterThan(0);
    expect((await oncall(["verify", join(out, "report.json")], env)).code).toBe(0);
    expect(audit).toContain('"model_used"');
    const types = audit
      .split("\n")
      .flatMap((line) => (line === "" ? [] : [JSON.parse(line) as { type: string; data: { tool?: string } }]));
    const written = types.filter(({ data }) => data.tool === "open_pr").map(({ type }) => type);
    expect(written).toEqual(["write_begun", "tool_called"]);
    expect(api?.problems).toEqual([]);
  });

  it("never lets the key reach a file, the terminal or a server", async () => {
    const { out, stdout, stderr } = await withModel(model());
    const files = await Promise.all(
      ["report.json", "report.md", "audit.jsonl"].map((name) => readFile(join(out, name), "utf8")),
    );
    for (const text of [stdout, stderr, ...files]) expect(text).not.toContain(KEY);
  });

  it("has a fabricated quote repaired in one round", async () => {
    const { report } = await withModel(
      model({ tamper: (draft, _view, attempt) => (attempt === 1 ? spoil.fabricateQuote(draft) : draft) }),
    );
    expect(report.cut).toEqual([]);
    expect(report.diagnosis).not.toBeNull();
  });

  it.each([
    ["a fabricated quote", spoil.fabricateQuote, "byte for byte"],
    ["an altered number", spoil.alterNumber, "987654.321"],
    ["an unknown id", spoil.unknownId, "no tool returned evidence"],
  ])("has %s cut when the model insists, and never shows it as a claim", async (_what, tamper, why) => {
    const { report } = await withModel(model({ tamper }));
    expect(report.cut.map((cut) => cut.why).join("\n")).toContain(why);
    const shown = JSON.stringify([report.diagnosis, report.claims, report.suspects, report.ruled_out]);
    expect(shown).not.toMatch(/FATAL: disk is full|987654\.321|mAAAAAAAAAAAAAAAA/);
  });

  it("opens no pull request when the diagnosis is made up", async () => {
    const { report } = await withModel(model({ tamper: spoil.fabricateQuote }));
    expect(report).toMatchObject({
      outcome: "inconclusive",
      diagnosis: null,
      fix: { kind: "none" },
      pull_request: null,
    });
  });

  it("keeps a claim whose figure only a contradicting quote holds out of the pull request, and in the report", async () => {
    const tamper = (draft: Draft): Draft => {
      const doubted = draft.claims.find(({ text }) => /measured [\d.]+ there/.test(text));
      const plain = draft.claims.find((claim) => claim !== doubted);
      if (!doubted || !plain) return draft;
      // The first word of a quote: a name, and no figure.
      const supports = plain.supports.slice(0, 1).map(({ id, quote }) => ({ id, quote: quote.split(" ", 1)[0] ?? "" }));
      const claim = { text: doubted.text, supports, contradicts: doubted.supports };
      return { ...draft, claims: draft.claims.map((one) => (one === doubted ? claim : one)) };
    };
    const { report } = await withModel(model({ tamper }));
    expect(report.claims.some(({ contradicts }) => contradicts.length > 0)).toBe(true);
    expect(report.pull_request?.state).toBe("opened");
  });

  it("is refused open_pr, however the model came to ask for it", async () => {
    const alsoAsk = [
      { name: "open_pr", input: { service: "promotions", title: "x", incident: "y", claims: [], evidence: [] } },
    ];
    const { report, audit } = await withModel(model({ alsoAsk, revert: false }));
    expect(report.pull_request).toBeNull();
    expect(audit).not.toMatch(/"type":"tool_called"[^\n]*"tool":"open_pr"/);
    expect(audit).toMatch(/"type":"tool_refused"[^\n]*"tool":"open_pr"/);
  });

  it("gives way to the rules when the model's service is overloaded, and says so", async () => {
    const { report, code, audit } = await withModel(() => overloaded());
    expect(code).toBe(0);
    // The alert was sent there: what failed is logged too.
    expect(audit).toMatch(/"type":"model_used"[^\n]*"failed":true/);
    expect(report.engine).toMatchObject({
      name: "rules",
      note: expect.stringContaining("the claude engine was not available"),
    });
    expect(report.culprit?.name).toBe("promotions");
  });

  it("makes what it can of a spent budget", async () => {
    const { report } = await withModel(model(), { ONCALL_CLAUDE_MAX_TURNS: "1" });
    expect(report.engine).toMatchObject({ name: "claude", complete: false });
    expect(report.engine.note).toMatch(/turn/);
  });
});
