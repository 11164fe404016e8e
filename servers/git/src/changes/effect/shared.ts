import { z } from "zod";
import type { ChangedText } from "./changed-lines.ts";
import { type Frame, framesIn, isSameFile } from "./frames.ts";
import { isTelling, namesIn, netWords, quotedIn, spansIn } from "./words.ts";

/**
 * What a change has in common with the words of the trouble, the most telling first:
 *
 * - `frame`: it changes the function, or the lines, that a stack trace names.
 * - `literal`: a text that it brings or takes stands in the trouble, or is what the trouble names in quotes.
 * - `key`: it changes the value of a setting that the trouble names.
 * - `figure`: a time span that it brings or takes stands in the trouble.
 * - `name`: an identifier that it brings or takes and that hardly stands in both by chance.
 * - `near`: the trouble names what stands around the change, or its file: where, and not what.
 */
export const HOWS = ["frame", "literal", "key", "figure", "name", "near"] as const;

export const Shared = z.object({
  how: z.enum(HOWS),
  word: z.string().describe("what both have"),
  line: z.string().describe("of the diff"),
});
export type Shared = z.infer<typeof Shared>;

/** Words of the trouble, read once for all the changes that are held against them. */
export interface Symptom {
  readonly text: string;
  readonly frames: readonly Frame[];
  readonly names: ReadonlySet<string>;
  readonly quoted: ReadonlySet<string>;
  readonly spans: ReadonlySet<number>;
  /** Names that every line has, such as the catalog's: no one's own. */
  readonly common: ReadonlySet<string>;
}

/** A text this long is seldom in both by chance. */
const MIN_LITERAL = 8;
/** What is named in quotes may be shorter. */
const MIN_QUOTED = 3;
const MAX_SHARED = 6;
/** Time spans that are written everywhere. */
const MIN_SPAN_MS = 2;

const squeeze = (text: string) => text.replace(/\s+/g, " ");

export function readSymptom(text: string, common: readonly string[]): Symptom {
  return {
    text: squeeze(text),
    frames: framesIn(text),
    names: new Set(namesIn(text)),
    quoted: new Set(quotedIn(text)),
    spans: new Set(spansIn(text).filter((ms) => ms >= MIN_SPAN_MS)),
    common: new Set(common),
  };
}

/** What a commit has in common with the trouble; moved lines and what stands on both sides of a change do not count. */
export function sharedWith(symptom: Symptom, texts: readonly ChangedText[]): Shared[] {
  const found = [...sharedFrames(symptom, texts), ...sharedLiterals(symptom, texts), ...sharedKeys(symptom, texts)];
  const all = [
    ...found,
    ...sharedSpans(symptom, texts),
    ...sharedNames(symptom, texts),
    ...sharedPlaces(symptom, texts),
  ];
  const seen = new Set<string>();
  return all
    .filter(({ word }) => !symptom.common.has(word) && !seen.has(word) && seen.add(word))
    .sort((a, b) => HOWS.indexOf(a.how) - HOWS.indexOf(b.how))
    .slice(0, MAX_SHARED);
}

const changedLines = (texts: readonly ChangedText[]) => texts.flatMap(({ added, removed }) => [...added, ...removed]);

const lineWith = (texts: readonly ChangedText[], has: (line: string) => boolean): string =>
  changedLines(texts).find(has)?.trim() ?? "";

const NEAR_LINES = 1;

function sharedFrames({ frames }: Symptom, texts: readonly ChangedText[]): Shared[] {
  const net = netWords(texts, namesIn);
  return frames.flatMap((frame) => {
    const text = texts.find(({ path }) => isSameFile(path, frame.path));
    if (!text) return [];
    const { functionName: name, line } = frame;
    // A line that only calls the function, before and after, does not change it.
    const inside = new Set([...text.around.flatMap(namesIn), ...net.added, ...net.removed]);
    const [first = ""] = [...text.added, ...text.removed];
    const base = frame.path.slice(frame.path.lastIndexOf("/") + 1);
    const spanned =
      line !== undefined && text.spans.some(({ from, to }) => line >= from - NEAR_LINES && line <= to + NEAR_LINES);
    if (spanned) return [{ how: "frame", word: `${base}:${line}`, line: first.trim() }];
    const named = name !== undefined && inside.has(name);
    return [
      named
        ? { how: "frame", word: `${name} in ${base}`, line: first.trim() }
        : { how: "near", word: base, line: first.trim() },
    ];
  });
}

/** What is left of a literal when what is put into it is taken out: `${x}`, `%s`, `{}`, `{0}`. */
const constantParts = (literal: string): string[] =>
  literal.split(/\$\{[^}]*\}|\{\w*\}|%[-+\d.]*[a-zA-Z]/).map((part) => squeeze(part).trim());

function sharedLiterals({ text, quoted }: Symptom, texts: readonly ChangedText[]): Shared[] {
  const net = netWords(texts, quotedIn);
  const literals = [...net.added, ...net.removed];
  const said = literals.flatMap((literal): Shared[] => {
    const part = constantParts(literal).find((one) => one.length >= MIN_LITERAL && text.includes(one));
    const named = literal.length >= MIN_QUOTED && quoted.has(literal) ? literal : undefined;
    const word = part ?? named;
    return word === undefined
      ? []
      : [{ how: "literal", word, line: lineWith(texts, (line) => line.includes(literal)) }];
  });
  const names = netWords(texts, namesIn);
  const pointed = [...names.added, ...names.removed].flatMap((name): Shared[] =>
    name.length >= MIN_QUOTED && quoted.has(name)
      ? [{ how: "literal", word: name, line: lineWith(texts, (line) => namesIn(line).includes(name)) }]
      : [],
  );
  return [...said, ...pointed];
}

/** `KEY: value`, `key=value`, `key: value,`, and a Deployment's `- name: KEY` above `value:`. */
const SETTING =
  /^[\s-]*(?:export |const |let |var |final |static )*["']?([A-Za-z_][\w.-]*)["']?\s*[:=]\s*(.+?)[,;]?\s*$/;

function sharedKeys({ names, text }: Symptom, texts: readonly ChangedText[]): Shared[] {
  const keys = (lines: readonly string[]) =>
    lines.flatMap((line) => {
      const [, key, value] = SETTING.exec(line) ?? [];
      return key === undefined || value === undefined ? [] : [{ key, value, line }];
    });
  return texts.flatMap(({ added, removed, around }) => {
    const now = keys(added);
    const before = keys(removed);
    const set = now.filter(({ key, value }) => !before.some((one) => one.key === key && one.value === value));
    const named = around.flatMap((line) => /^\s*-\s*name:\s*["']?([\w.-]+)/.exec(line)?.[1] ?? []);
    const all = [
      ...set.map(({ key, line }) => ({ key, line })),
      ...named.map((key) => ({ key, line: added[0] ?? removed[0] ?? "" })),
    ];
    return all.flatMap(({ key, line }): Shared[] =>
      isTelling(key) && (names.has(key) || text.includes(key)) ? [{ how: "key", word: key, line: line.trim() }] : [],
    );
  });
}

function sharedSpans({ spans }: Symptom, texts: readonly ChangedText[]): Shared[] {
  const net = netWords(texts, (line) => spansIn(line).map(String));
  return [...net.added, ...net.removed].flatMap((span): Shared[] =>
    spans.has(Number(span))
      ? [
          {
            how: "figure",
            word: `${span} ms`,
            line: lineWith(texts, (line) => spansIn(line).map(String).includes(span)),
          },
        ]
      : [],
  );
}

function sharedNames({ names }: Symptom, texts: readonly ChangedText[]): Shared[] {
  const net = netWords(texts, namesIn);
  return [...net.added, ...net.removed].flatMap((name): Shared[] =>
    isTelling(name) && names.has(name)
      ? [{ how: "name", word: name, line: lineWith(texts, (line) => namesIn(line).includes(name)) }]
      : [],
  );
}

/** What stands around the change, and its file's own name. */
function sharedPlaces({ names }: Symptom, texts: readonly ChangedText[]): Shared[] {
  return texts.flatMap(({ path, around }): Shared[] => {
    const stem = path.slice(path.lastIndexOf("/") + 1).split(".", 1)[0] ?? "";
    const inside = [...new Set(around.flatMap(namesIn))].filter((name) => isTelling(name) && names.has(name));
    const told = [...(isTelling(stem) && names.has(stem) ? [stem] : []), ...inside];
    return told
      .slice(0, 2)
      .map((word) => ({ how: "near", word, line: around.find((line) => namesIn(line).includes(word))?.trim() ?? "" }));
  });
}
