import { createHash } from "node:crypto";
import { Incident } from "@oncall-copilot/core";
import { z } from "zod";
import { Case, CaseAlert } from "./case.ts";
import { StoreTooNew } from "./case-store.ts";
import type { ItemKey } from "./case-table.ts";

/** An alert as it came, and the case that it belongs to. */
export const AlertRecord = z.strictObject({ schema_version: z.literal(1), case_id: z.string(), incident: Incident });
export type AlertRecord = z.infer<typeof AlertRecord>;

/** An alert among those of its case. */
export const MemberRecord = z.strictObject({ schema_version: z.literal(1), alert: CaseAlert });
export type MemberRecord = z.infer<typeof MemberRecord>;

/** That a case wants attention, and when. */
export const DueRecord = z.strictObject({ schema_version: z.literal(1), due_at: z.number() });

/** The cases of the last hour that an alert may fold into: the one item that decides whether a new one is opened. */
export const StormRecord = z.strictObject({
  schema_version: z.literal(1),
  cases: z.array(
    z.strictObject({
      id: z.string(),
      /** Catalog names of the services that alerted. */
      services: z.array(z.string()),
      opened_at: z.number(),
      /** Earliest and latest start of its alerts. */
      first_start: z.number(),
      last_start: z.number(),
      widespread: z.boolean(),
    }),
  ),
});
export type StormRecord = z.infer<typeof StormRecord>;
export type StormCase = StormRecord["cases"][number];

const SCHEMAS = { case: Case, alert: AlertRecord, member: MemberRecord, due: DueRecord, storms: StormRecord } as const;
type Kind = keyof typeof SCHEMAS;

/** What turns an item of an older version into one of the next, by the version it has. */
export type Upgrades = Readonly<Record<number, (value: Readonly<Record<string, unknown>>) => Record<string, unknown>>>;
const UPGRADES: Readonly<Record<Kind, Upgrades>> = { case: {}, alert: {}, member: {}, due: {}, storms: {} };
export const SCHEMA_VERSION = 1;

/**
 * Reads what an item holds, whichever version wrote it.
 *
 * @throws StoreTooNew when that version is newer than this one.
 */
export function readItem<K extends Kind>(kind: K, text: string): z.output<(typeof SCHEMAS)[K]> {
  const value = upgraded(kind, JSON.parse(text) as Record<string, unknown>, UPGRADES[kind], SCHEMA_VERSION);
  return SCHEMAS[kind].parse(value) as z.output<(typeof SCHEMAS)[K]>;
}

/** Goes through one upgrade after another until the value has this version. */
export function upgraded(
  kind: string,
  value: Readonly<Record<string, unknown>>,
  upgrades: Upgrades,
  version: number,
): Readonly<Record<string, unknown>> {
  const found = value["schema_version"];
  if (found === version) return value;
  if (typeof found !== "number" || found > version) {
    throw new StoreTooNew(
      `the case store holds a ${kind} of schema version ${String(found)}, and this version knows ${version}: update this installation`,
    );
  }
  const upgrade = upgrades[found];
  if (!upgrade) throw new StoreTooNew(`a ${kind} of schema version ${found} cannot be read any more`);
  return upgraded(kind, { ...upgrade(value), schema_version: found + 1 }, upgrades, version);
}

/** Epoch milliseconds as text that sorts as they do. */
const sortable = (at: number): string => String(at).padStart(15, "0");
const short = (text: string): string => createHash("sha256").update(text).digest("base64url").slice(0, 12);

/** Where each kind of item lies. */
export const at = {
  case: (id: string): ItemKey => ({ partition: `case#${id}`, sort: "case" }),
  listed: (openedAt: number, id: string): ItemKey => ({ partition: "cases", sort: `${sortable(openedAt)}#${id}` }),
  listedBefore: (openedAt: number): string => sortable(openedAt),
  due: (id: string): ItemKey => ({ partition: "due", sort: id }),
  storms: { partition: "storms", sort: "recent" } satisfies ItemKey,
  alert: (fingerprint: string, start: number): ItemKey => ({
    partition: `alert#${fingerprint}`,
    sort: sortable(start),
  }),
  /** An alert of the same fingerprint and start may come with other labels: each is counted. */
  member: (caseId: string, incident: Incident): ItemKey => ({
    partition: `case#${caseId}`,
    sort: `${memberPrefix(incident.fingerprint, Date.parse(incident.started_at))}${short(labelsOf(incident))}`,
  }),
  memberPrefix,
  document: (caseId: string, sha256: string, part: number): ItemKey => ({
    partition: `case#${caseId}`,
    sort: `document#${sha256}#${String(part).padStart(4, "0")}`,
  }),
  once: (key: string): ItemKey => ({ partition: `once#${key}`, sort: "once" }),
} as const;

function memberPrefix(fingerprint: string, start: number): string {
  return `alert#${sortable(start)}#${fingerprint}#`;
}

const labelsOf = ({ labels }: Incident): string => JSON.stringify(Object.entries(labels).sort());

/** Above every key that begins with it, and with no character that some store would not sort by its bytes. */
export const endOf = (prefix: string): string => `${prefix}~`;
