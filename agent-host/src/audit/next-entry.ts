import { redactDeep } from "@oncall-copilot/core";
import type { AuditType } from "./audit-trail.ts";
import { type AuditEntry, hashEntry } from "./chain.ts";

/** Where a chain ends: the hash of its newest entry and how many there are. */
export interface ChainEnd {
  readonly head: string;
  readonly entries: number;
}

/** What is appended, free of secrets, before it is known after what it comes. */
export async function redacted(data: Readonly<Record<string, unknown>>): Promise<Record<string, unknown>> {
  const { value } = await redactDeep(data);
  return JSON.parse(JSON.stringify(value)) as Record<string, unknown>;
}

/** The entry that comes after the end of a chain. */
export function nextEntry(end: ChainEnd, type: AuditType, data: Readonly<Record<string, unknown>>): AuditEntry {
  const body = { seq: end.entries + 1, at: new Date().toISOString(), type, prev: end.head, data };
  return { ...body, hash: hashEntry(body) };
}
