import type { Rule, Span } from "../rule.ts";

const KIND = /^[+-]?[ \t]*kind:[ \t]*["']?Secret["']?[ \t]*\r?$/m;
const LINE =
  /(?<sign>[+-]?)(?<indent>[ \t]*)(?<key>[^\s:#][^:\n]{0,252}):[ \t]*(?:[|>][-+]?)?(?<quote>["']?)(?<value>[^\r\n]*)/y;

/** Everything under `data` and `stringData` of a Kubernetes Secret, whatever the key is called. Also in a diff of one. */
export const kubernetesSecret: Rule = function* (text) {
  if (!KIND.test(text)) return;
  let offset = 0;
  for (const document of text.split(/(?<=^|\n)(?=[+-]?[ \t]*---[ \t]*\r?(?:\n|$))/)) {
    if (KIND.test(document)) yield* valuesIn(document, offset);
    offset += document.length;
  }
};

function* valuesIn(document: string, offset: number): Generator<Span> {
  let from = 0;
  let block = -1;
  for (const line of document.split(/(?<=\n)/)) {
    const width = indentOf(line);
    if (/^[+-]?[ \t]*(?:data|stringData):[ \t]*\r?\n?$/.test(line)) block = width;
    else if (line.trim() !== "" && width <= block) block = -1;
    else if (block >= 0) {
      LINE.lastIndex = 0;
      const found = LINE.exec(line);
      const value = (found?.groups?.value ?? line.trimStart()).trimEnd().replace(/["']$/, "");
      const start =
        offset + from + line.indexOf(value, found ? found[0].length - (found.groups?.value ?? "").length : 0);
      if (value !== "") yield { start, end: start + value.length, kind: "kubernetes-secret" };
    }
    from += line.length;
  }
}

/** Columns before a line's text; a diff's sign takes one, like the blank of an unchanged line. */
const indentOf = (line: string): number => /^[+ \t-]*/.exec(line)?.[0].length ?? 0;
