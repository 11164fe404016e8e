import { describe, expect, it } from "vitest";
import { redact } from "../../../core/src/redact/redact.ts";
import { isReadable, negatives, positives } from "./corpus.ts";

const MIN_RECALL = 0.98;
const MAX_FALSE_POSITIVES = 0.01;

describe("redaction, measured on a labelled corpus", () => {
  it("is measured on enough", () => {
    expect(positives.length).toBeGreaterThanOrEqual(150);
    expect(negatives.length).toBeGreaterThanOrEqual(250);
    expect(new Set(negatives).size).toBe(negatives.length);
  });

  it(`finds at least ${MIN_RECALL * 100} % of the secrets`, async () => {
    const byKind = new Map<string, { found: number; all: number }>();
    const missed: string[] = [];
    for (const { kind, text, secrets, hard } of positives) {
      const clean = await redact(text);
      for (const name of hard ? ["all", kind, "(hard)"] : ["all", kind]) {
        const sum = byKind.get(name) ?? { found: 0, all: 0 };
        sum.found += secrets.filter((secret) => !isReadable(secret, clean.text)).length;
        sum.all += secrets.length;
        byKind.set(name, sum);
      }
      missed.push(...secrets.filter((secret) => isReadable(secret, clean.text)).map(() => `${kind}: ${clean.text}`));
    }
    const rows = [...byKind].map(([kind, { found, all }]) => ({ kind, found, all, recall: (found / all).toFixed(3) }));
    console.table(rows.sort((a, b) => b.all - a.all));
    for (const miss of missed) console.log(`missed ${miss}`);
    const { found, all } = byKind.get("all") ?? { found: 0, all: 1 };
    expect(found / all).toBeGreaterThanOrEqual(MIN_RECALL);
  });

  it(`touches at most ${MAX_FALSE_POSITIVES * 100} % of the texts that hold none`, async () => {
    const touched: Record<string, number> = {};
    let count = 0;
    for (const text of negatives) {
      const clean = await redact(text);
      if (clean.text === text) continue;
      count++;
      for (const kind of Object.keys(clean.kinds)) touched[kind] = (touched[kind] ?? 0) + 1;
      console.log(`touched ${text} -> ${clean.text}`);
    }
    console.log(`false positives: ${count} of ${negatives.length}`, touched);
    expect(count / negatives.length).toBeLessThanOrEqual(MAX_FALSE_POSITIVES);
  });

  it("keeps what a reader needs beside the secret: hosts, names, regions", async () => {
    for (const { text, keep } of positives) {
      const clean = await redact(text);
      for (const part of keep) expect(clean.text).toContain(part);
    }
  });

  it("keeps every line, and changes nothing the second time", async () => {
    for (const { text } of positives) {
      const once = await redact(text);
      expect(once.text.split(/\r\n|\r|\n/)).toHaveLength(text.split(/\r\n|\r|\n/).length);
      expect((await redact(once.text)).text).toBe(once.text);
    }
  });
});
