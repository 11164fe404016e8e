import { redactToCut } from "@oncall-copilot/core";
import { BLANKS, type Past } from "./store.ts";

/** Ten times what is shown of a text, in characters. */
const LOOKED_AT = 4_096;

const safe = (text: string) => redactToCut(text, LOOKED_AT);

/**
 * What strangers wrote, redacted before any of it is cut or blanked: a token without its digits, or half of one, would not be known
 * for a secret afterwards.
 */
export async function safePast(past: Past): Promise<Past> {
  const { statistics } = past;
  return {
    ...past,
    statistics: statistics && {
      ...statistics,
      rootCauses: await Promise.all(
        statistics.rootCauses.map(async (cause) => ({ ...cause, rootCause: blanked(await safe(cause.rootCause)) })),
      ),
      fixes: await Promise.all(
        statistics.fixes.map(async (record) => ({ ...record, fix: blanked(await safe(record.fix)) })),
      ),
    },
    incidents: await Promise.all(
      past.incidents.map(async (incident) => ({
        ...incident,
        summary: await safe(incident.summary),
        rootCause: incident.rootCause && (await safe(incident.rootCause)),
        fix: incident.fix && (await safe(incident.fix)),
        proposal: incident.proposal && (await safe(incident.proposal)),
      })),
    ),
  };
}

const EXPRESSIONS = BLANKS.map(([pattern, standIn]) => [new RegExp(pattern, "g"), standIn] as const);

/** The kind of a fix or cause: what it has in common with others. */
const blanked = (text: string): string =>
  EXPRESSIONS.reduce((told, [expression, standIn]) => told.replace(expression, standIn), text);
