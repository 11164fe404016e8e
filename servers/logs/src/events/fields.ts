/** Fields of a structured line beside its message, as text. */
export type Fields = Readonly<Record<string, string>>;

/** Who wrote the line, where and for which trace: true of every line, or of one alone. */
const RESOURCE =
  /^@timestamp$|^message$|^(?:service|host|k8s|container|cloud|process|deployment|thread|log|trace|span|parent|telemetry|agent|ecs|event|data_stream|labels)(?:\.|$)|(?:^|[._])(?:trace|span|parent|request|correlation)[._]?id$/i;
const MAX_VALUE = 300;
const MAX_FIELDS = 12;

/** The fields of a line that say what it is about. */
export function fieldsOf(line: Readonly<Record<string, unknown>>): Fields | undefined {
  const told = Object.entries(line).filter(
    ([name, value]) =>
      !RESOURCE.test(name) && (typeof value === "string" || typeof value === "number" || typeof value === "boolean"),
  );
  if (told.length === 0) return undefined;
  return Object.fromEntries(
    told.slice(0, MAX_FIELDS).map(([name, value]) => [name, String(value).slice(0, MAX_VALUE)]),
  );
}

/** What is kept of each field over many lines: its first values, and whether there are more. */
export type FieldValues = Map<string, { readonly values: string[]; more: boolean }>;

const MAX_VALUES = 2;

export function addFields(into: FieldValues, fields: Fields | undefined): void {
  for (const [name, value] of Object.entries(fields ?? {})) addValue(into, name, value);
}

export function mergeFields(into: FieldValues, part: FieldValues): void {
  for (const [name, { values, more }] of part) {
    for (const value of values) addValue(into, name, value);
    const known = into.get(name);
    if (known && more) known.more = true;
  }
}

function addValue(into: FieldValues, name: string, value: string): void {
  const known = into.get(name);
  if (!known) into.set(name, { values: [value], more: false });
  else if (known.values.includes(value)) return;
  else if (known.values.length < MAX_VALUES) known.values.push(value);
  else known.more = true;
}

/** `db.statement="SELECT 1", deadline_ms=300, duration_ms=301 or 312 or others`: on one line. */
export function fieldsInWords(fields: FieldValues): string {
  const written = (value: string) => (/^[\w.:/-]+$/.test(value) ? value : JSON.stringify(value));
  return [...fields]
    .map(([name, { values, more }]) => `${name}=${[...values.map(written), ...(more ? ["others"] : [])].join(" or ")}`)
    .join(", ");
}

/** What names one input among many: an id, an offset, a key. */
const INPUT =
  /(?:^|[\s,;({[])(?:[\w.-]*(?:[._]|\b))?(?:id|key|offset|sequence|record|message|event|order|job|row|object|file)["']?\s*[=:]\s*["']?([\w-]{5,})/gi;

/** Whether a text names an input by a value that is hardly a word: a long number, or letters with figures. */
export const namesInput = (text: string): boolean =>
  [...text.matchAll(INPUT)].some(([, value = ""]) => /\d{5,}|[a-z]+[\w-]*\d/i.test(value));
