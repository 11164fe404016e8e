import { CouldNotLook } from "@oncall-copilot/core";
import { z } from "zod";
import type { LogFields } from "./presets.ts";

/** What the indices can do with the fields, which decides how truthfully they can be asked. */
export interface Mapping {
  /** The field to filter by service with. */
  readonly service: string;
  readonly time: string;
  /** Whether an index keeps it in nanoseconds. */
  readonly nanos: boolean;
  /** The field to count levels by; undefined when no index has one that can be counted by. */
  readonly level: string | undefined;
  readonly message: MessageMapping;
}

export interface MessageMapping {
  /** Where the message is indexed word by word (type text), and whether the index knows the order of the words. */
  readonly words: { readonly field: string; readonly ordered: boolean } | undefined;
  /** Where it is indexed as it is (type keyword), and up to how many characters. */
  readonly whole: { readonly field: string; readonly most: number } | undefined;
  /** Where any part of it can be searched for (type wildcard). */
  readonly parts: string | undefined;
}

const Property = z.looseObject({
  type: z.string().optional(),
  path: z.string().optional(),
  ignore_above: z.coerce.number().optional(),
  fields: z
    .record(z.string(), z.looseObject({ type: z.string(), ignore_above: z.coerce.number().optional() }))
    .optional(),
});
type Property = z.output<typeof Property>;

/** The answer to `GET INDEX/_mapping/field/FIELDS`. */
export const FieldMappings = z.record(
  z.string(),
  z.object({ mappings: z.record(z.string(), z.object({ mapping: z.record(z.string(), Property) })) }),
);

/** What to ask the mapping of: each field, and what may stand above it (`resource` of `resource.service.name`). */
export function fieldsToMap({ service, time, level, message }: LogFields): string[] {
  const above = (field: string) => field.split(".").map((_, index, parts) => parts.slice(0, index + 1).join("."));
  return [...new Set([service, time, level, message].flatMap(above))];
}

const KEYWORDS = new Set(["keyword", "constant_keyword", "wildcard", "alias", "ip", "boolean"]);
const NUMBERS = new Set(["long", "integer", "short", "byte", "unsigned_long", "double", "float", "half_float"]);
const WORDS = new Set(["text", "match_only_text"]);
/** Lucene's longest term, in bytes, of up to three for a character of the basic plane. */
const LONGEST_TERM = 32_766;

interface Found {
  readonly type: string;
  readonly property: Property;
}

/** Reads the mappings of all indices; where they differ, what holds for every index that has the field. */
export function readMapping(
  answer: z.output<typeof FieldMappings>,
  fields: LogFields,
  name: string,
  index: string,
): Mapping {
  const indices = Object.values(answer).map(({ mappings }) => mappings);
  const of = (field: string): Found[] =>
    indices.flatMap((mappings) => {
      const [property] = Object.values(mappings[field]?.mapping ?? {});
      return property ? [{ type: property.type ?? "object", property }] : [];
    });
  const wrong = (what: string, variable: string) => {
    const cure = `set ${variable} or ONCALL_LOGS_OPENSEARCH_PRESET to what they are called in ${index}`;
    return new CouldNotLook("bad_response", `${name}: ${what}`, { cure });
  };

  const time = of(fields.time);
  if (time.length === 0)
    throw wrong(`no index of ${index} has a field ${fields.time}`, "ONCALL_LOGS_OPENSEARCH_TIME_FIELD");
  if (time.some(({ type }) => type !== "date" && type !== "date_nanos" && type !== "alias")) {
    throw wrong(`${fields.time} is no date`, "ONCALL_LOGS_OPENSEARCH_TIME_FIELD");
  }
  const service = countable(of(fields.service), fields.service) ?? flat(fields.service, of);
  if (service === undefined) {
    const what = `no index of ${index} has a field ${fields.service} that can be filtered by (keyword)`;
    throw wrong(what, "ONCALL_LOGS_OPENSEARCH_SERVICE_FIELD");
  }
  const message = of(fields.message);
  if (message.length === 0) {
    throw wrong(`no index of ${index} has a field ${fields.message}`, "ONCALL_LOGS_OPENSEARCH_MESSAGE_FIELD");
  }
  const level = countable(of(fields.level), fields.level);
  const nanos = time.some(({ type }) => type === "date_nanos");
  return { service, time: fields.time, nanos, level, message: messageMapping(message, fields.message) };
}

/** The field itself where it is a keyword or a number in every index, else its keyword sub-field. */
function countable(found: readonly Found[], field: string): string | undefined {
  if (found.length === 0) return undefined;
  if (found.every(({ type }) => KEYWORDS.has(type) || NUMBERS.has(type))) return field;
  const subs = Object.keys(found[0]?.property.fields ?? {});
  const sub = subs.find((one) => found.every(({ property }) => KEYWORDS.has(property.fields?.[one]?.type ?? "")));
  return sub === undefined ? undefined : `${field}.${sub}`;
}

/** A field inside a `flat_object` (or `flattened`) can be filtered by although it has no mapping of its own. */
function flat(field: string, of: (field: string) => readonly Found[]): string | undefined {
  const parts = field.split(".");
  const above = parts.slice(0, -1).map((_, index) => parts.slice(0, index + 1).join("."));
  return above.some((one) => of(one).some(({ type }) => type === "flat_object" || type === "flattened"))
    ? field
    : undefined;
}

function messageMapping(found: readonly Found[], field: string): MessageMapping {
  const ways = found.map(({ type, property }) => [
    { field, type, most: property.ignore_above ?? LONGEST_TERM },
    ...Object.entries(property.fields ?? {}).map(([sub, { type, ignore_above }]) => ({
      ...{ field: `${field}.${sub}`, type, most: ignore_above ?? LONGEST_TERM },
    })),
  ]);
  const inAll = (fits: (type: string) => boolean) => {
    const way = ways[0]?.find((one) =>
      ways.every((all) => all.some((two) => two.field === one.field && fits(two.type))),
    );
    const most = Math.min(
      ...ways.flatMap((all) => all.filter((one) => one.field === way?.field).map((one) => one.most)),
    );
    return way && { field: way.field, most };
  };
  const words = inAll((type) => WORDS.has(type));
  return {
    words: words && { field: words.field, ordered: inAll((type) => type === "text") !== undefined },
    whole: inAll((type) => type === "keyword" || type === "constant_keyword"),
    parts: inAll((type) => type === "wildcard")?.field,
  };
}
