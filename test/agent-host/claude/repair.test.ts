import { describe, expect, it } from "vitest";
import { checkDraft } from "../../../agent-host/src/verify/check-draft.ts";
import { scriptedTriage, spoil } from "../../support/messages-api/scripted-triage.ts";
import { answer, callTools, overloaded } from "../../support/messages-api/turns.ts";
import { type RequestView, viewOf } from "../../support/messages-api/view.ts";
import { KEY } from "./toolbox.ts";
import { catalog, goodDraft, readAll, world } from "./world.ts";

/** Calls the tools, then answers with these reports, one a request. */
const reports =
  (...made: readonly ((view: RequestView) => unknown)[]) =>
  (view: RequestView) => {
    const make = made[view.number - 2];
    return make ? answer(make(view)) : callTools(readAll);
  };

describe("the repair round", () => {
  it("names a fabricated quote and why it fails, and takes the corrected report", async () => {
    const { api, run } = await world({ script: reports((view) => spoil.fabricateQuote(goodDraft(view)), goodDraft) });
    const result = await run();
    const { said, mayCall } = viewOf(api.requests[2] ?? nothing(), 3);
    expect(said).toContain("FATAL: disk is full, all writes refused");
    expect(said).toContain("the quote is not part of the evidence's text, byte for byte");
    expect(said).toContain("pricing fails 23 % of its requests because of a change.");
    expect(mayCall).toBe(false);
    expect(result).toMatchObject({ complete: true, note: null });
    expect(result.draft?.diagnosis.supports[0]?.quote).toBe("error_ratio 0.231, usually 0.004 (57x)");
    expect(result.requests.map(({ purpose }) => purpose)).toEqual(["investigate", "investigate", "repair"]);
    expect(api.problems).toEqual([]);
  });

  it("happens once: what fails again is left for the verifier to cut", async () => {
    const fabricated = (view: RequestView) => spoil.fabricateQuote(goodDraft(view));
    const { api, toolbox, run } = await world({ script: reports(fabricated, fabricated, goodDraft) });
    const { draft } = await run();
    expect(api.requests).toHaveLength(3);
    if (!draft) throw new Error("no draft");
    const checked = checkDraft(draft, { evidence: toolbox.evidence, key: KEY, catalog, vocabulary: [] });
    expect(checked.diagnosis).toBeNull();
    expect(checked.claims).toHaveLength(1);
  });

  it("names a figure that stands in no quote", async () => {
    const { api, run } = await world({ script: reports((view) => spoil.alterNumber(goodDraft(view)), goodDraft) });
    const { draft } = await run();
    const { said } = viewOf(api.requests[2] ?? nothing(), 3);
    expect(said).toContain("these figures stand in no quote it cites: 987654.321x");
    expect(draft?.claims[0]?.text).toBe("Errors at pricing rose 57x.");
  });

  it("names an id that no tool returned", async () => {
    const { api, run } = await world({ script: reports((view) => spoil.unknownId(goodDraft(view)), goodDraft) });
    await run();
    const { said } = viewOf(api.requests[2] ?? nothing(), 3);
    expect(said).toContain("mAAAAAAAAAAAAAAAA");
    expect(said).toContain("no tool returned evidence with this id");
  });

  it("asks again for an answer that does not fit the schema, and says how", async () => {
    const { api, run } = await world({
      script: reports((view) => ({ ...goodDraft(view), family: "gremlins" }), goodDraft),
    });
    const { complete, draft } = await run();
    const { said } = viewOf(api.requests[2] ?? nothing(), 3);
    expect(said).toMatch(/does not fit the report's schema:\n- family: /);
    expect(complete).toBe(true);
    expect(draft?.family).toBe("bad_deployment");
  });

  it("gives up on a model that answers no report twice, and says so", async () => {
    const { run } = await world({
      script: reports(
        () => "I think it is DNS.",
        () => "It is always DNS.",
      ),
    });
    expect(await run()).toMatchObject({
      draft: null,
      complete: false,
      note: "the model's answer did not fit the report's schema, twice",
    });
  });

  it("keeps the first report when the second is none", async () => {
    const { run } = await world({
      script: reports(
        (view) => spoil.fabricateQuote(goodDraft(view)),
        () => "Sorry!",
      ),
    });
    const { draft, complete, note } = await run();
    expect(draft?.claims).toHaveLength(1);
    expect(complete).toBe(false);
    expect(note).toBe("the report could not be repaired");
  });

  it("keeps the first report when the model's service dies", async () => {
    const { run } = await world({
      script: (view) => {
        if (view.number === 1) return callTools(readAll);
        return view.number === 2 ? answer(spoil.alterNumber(goodDraft(view))) : overloaded();
      },
    });
    const { draft, complete, note } = await run();
    expect(draft?.culprit).toBe("pricing");
    expect(complete).toBe(false);
    expect(note).toContain("the report could not be repaired: the Messages API at 127.0.0.1");
    expect(note).toContain("529 overloaded_error");
  });

  it("takes a report in a Markdown fence, as models without strict output write it", async () => {
    const { run } = await world({
      script: reports((view) => `\`\`\`json\n${JSON.stringify(goodDraft(view), null, 1)}\n\`\`\``),
    });
    expect(await run()).toMatchObject({ complete: true });
  });

  it.each(Object.entries(spoil))(
    "spots what the scripted model spoils with %s, and gets it mended",
    async (_name, tamper) => {
      const script = scriptedTriage({ tamper: (draft, _view, attempt) => (attempt === 1 ? tamper(draft) : draft) });
      const { api, toolbox, run } = await world({ script });
      const { draft, requests } = await run();
      expect(requests.at(-1)?.["purpose"]).toBe("repair");
      if (!draft) throw new Error("no draft");
      expect(checkDraft(draft, { evidence: toolbox.evidence, key: KEY, catalog, vocabulary: [] }).failures).toEqual([]);
      expect(api.problems).toEqual([]);
    },
  );
});

function nothing(): never {
  throw new Error("no such request came");
}
