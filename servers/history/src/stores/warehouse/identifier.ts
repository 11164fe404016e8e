/** A name as the operator wrote it: between quotes it is taken as it stands, else by the warehouse's custom. */
export interface Identifier {
  readonly name: string;
  readonly quoted: boolean;
}

/** Longest that the warehouses let a name be. */
const LONGEST = 255;
const IDENTIFIER = /\s*(?:"((?:[^"]|"")+)"|`((?:[^`]|``)+)`|([A-Za-z_][A-Za-z0-9_$]*))\s*/y;

/** Reads one identifier of `text` at `from`; undefined where there is none. `end` is where it ends. */
export function identifierAt(text: string, from: number): { identifier: Identifier; end: number } | undefined {
  IDENTIFIER.lastIndex = from;
  const match = IDENTIFIER.exec(text);
  if (!match) return undefined;
  const [, double, back, plain] = match;
  const name = plain ?? double?.replaceAll('""', '"') ?? back?.replaceAll("``", "`") ?? "";
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what a name must not have
  if (name.length > LONGEST || /[\u0000-\u001f\u007f]/.test(name)) return undefined;
  return { identifier: { name, quoted: plain === undefined }, end: IDENTIFIER.lastIndex };
}

/** `catalog.schema.table`, `schema.table` or `table`; undefined when it is none. */
export function tableName(text: string): readonly Identifier[] | undefined {
  const parts: Identifier[] = [];
  for (let at = 0; parts.length < 3; at++) {
    const read = identifierAt(text, at);
    if (!read) return undefined;
    parts.push(read.identifier);
    at = read.end;
    if (at === text.length) return parts;
    if (text[at] !== ".") return undefined;
  }
  return undefined;
}

/** The name as people read it: `OPS.incidents`. */
export const readable = (parts: readonly Identifier[]): string => parts.map(({ name }) => name).join(".");
