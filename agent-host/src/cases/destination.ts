import type { StoredItem, Write } from "./case-table.ts";
import type { Arrived, ClaimParts, Destination } from "./claim-parts.ts";
import { at, readItem, type StormCase, type StormRecord } from "./items.ts";
import { isWidespread, MAX_STORM_MS, stormOf } from "./storm.ts";

/** An alert that comes back later is another incident. */
export const BACK_MS = 24 * 3_600_000;
/** Alerts that begin one after the other do not each change what is known of the storm. */
const MIN_GROWTH_MS = 60_000;

/** Which case an alert goes to. Null when somebody changed the storm meanwhile. */
export async function destinationOf(parts: ClaimParts, arrived: Arrived): Promise<Destination | null> {
  const earlier = await earlierCase(parts, arrived);
  if (earlier && earlier.outcome !== "new") return earlier;
  const settled = (storms: StormRecord["cases"]) => settle(parts, arrived, storms, earlier);
  const quick = settled(await recentStorms(parts).then(({ cases }) => cases));
  if (quick.unchanged) return quick.destination;
  return parts.alone(async () => {
    const { cases, item } = await recentStorms(parts);
    const { destination, changed, unchanged } = settled(cases);
    if (unchanged) return destination;
    const kept = changed.filter(({ opened_at }) => parts.now() - opened_at <= 2 * MAX_STORM_MS);
    const value = JSON.stringify({ schema_version: 1, cases: kept } satisfies StormRecord);
    const next = { ...at.storms, value, expiresAt: null };
    const write: Write = item ? { kind: "replace", item: next, version: item.version } : { kind: "create", item: next };
    return (await parts.table.write([write])) ? destination : null;
  });
}

async function recentStorms({ table }: ClaimParts): Promise<{ cases: StormRecord["cases"]; item: StoredItem | null }> {
  const item = await table.read(at.storms);
  return { item, cases: item ? readItem("storms", item.value).cases : [] };
}

/** Where it goes by the storms of the last hour, and those storms with it. */
function settle(
  { catalog, now }: ClaimParts,
  { incident, service, start }: Arrived,
  storms: StormRecord["cases"],
  earlier: Destination | null,
): { destination: Destination; changed: StormRecord["cases"]; unchanged: boolean } {
  const services = service === null ? [] : [service];
  // Another delivery of the same alert may have come this far: the case is named for its alert.
  const storm = storms.find(({ id }) => id === incident.id) ?? stormOf({ service, start }, storms, catalog);
  if (storm) {
    const grown: StormCase = {
      ...storm,
      services: [...new Set([...storm.services, ...services])],
      first_start: start < storm.first_start - MIN_GROWTH_MS ? start : storm.first_start,
      last_start: start > storm.last_start + MIN_GROWTH_MS ? start : storm.last_start,
    };
    const isOwn = storm.id === incident.id;
    return {
      destination: {
        id: storm.id,
        outcome: isOwn ? "new" : "folded",
        backOf: isOwn ? (earlier?.backOf ?? null) : null,
        widespread: storm.widespread,
      },
      changed: storms.map((other) => (other === storm ? grown : other)),
      unchanged: JSON.stringify(grown) === JSON.stringify(storm),
    };
  }
  const widespread = isWidespread({ service, start }, storms);
  const opened: StormCase = {
    ...{ id: incident.id, services, opened_at: now(), first_start: start, last_start: start, widespread },
  };
  return {
    destination: { id: incident.id, outcome: "new", backOf: earlier?.backOf ?? null, widespread },
    changed: [...storms, opened],
    unchanged: false,
  };
}

/**
 * The case of this alert's last occurrence: while that goes on, it is part of it; when it ended within a day, a new one is opened that
 * names it.
 */
async function earlierCase({ table, now }: ClaimParts, { incident }: Arrived): Promise<Destination | null> {
  const [latest] = await table.range(at.alert(incident.fingerprint, 0).partition, { descending: true, limit: 1 });
  if (!latest) return null;
  const caseId = readItem("alert", latest.value).case_id;
  const stored = await table.read(at.case(caseId));
  if (!stored) return null;
  const found = readItem("case", stored.value);
  const last = found.resolved_at ?? found.updated_at;
  if (now() - last > BACK_MS) return null;
  const { widespread } = found;
  if (found.state === "ended") return { id: caseId, outcome: "new", backOf: caseId, widespread };
  return { id: caseId, outcome: found.resolved_at === null ? "folded" : "back", backOf: null, widespread };
}
