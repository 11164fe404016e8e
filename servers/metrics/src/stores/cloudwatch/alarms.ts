import type { BackendNames } from "@oncall-copilot/core/backend";
import { z } from "zod";
import type { AlarmChange, AlarmsFound, AlarmsQuery } from "../../store.ts";
import { anotherShape, type CloudWatch } from "./client.ts";
import { alarmLink } from "./link.ts";
import type { Dimensions } from "./metric.ts";
import type { Planning } from "./plan.ts";

export interface AlarmParts extends Planning {
  readonly names: BackendNames;
  readonly client: CloudWatch;
}

/** Alarms a request names at the most, and pages looked at: an account has thousands of alarms, and few change in an hour. */
const MAX_NAMED = 100;
const MAX_PAGES = 5;

const Dimension = z.object({ Name: z.string(), Value: z.string() });
const AlarmMetric = z.object({ Namespace: z.string().optional(), Dimensions: z.array(Dimension).default([]) });
const Alarm = AlarmMetric.extend({
  AlarmName: z.string(),
  StateValue: z.string().optional(),
  StateReason: z.string().default(""),
  StateUpdatedTimestamp: z.date().optional(),
  Metrics: z.array(z.object({ MetricStat: z.object({ Metric: AlarmMetric }).optional() })).default([]),
});
type Alarm = z.output<typeof Alarm>;
const Alarms = z.object({ MetricAlarms: z.array(Alarm).default([]), NextToken: z.string().optional() });

const HistoryItem = z.object({
  AlarmName: z.string(),
  Timestamp: z.date(),
  HistorySummary: z.string().default(""),
  HistoryData: z.string().default("{}"),
});
type HistoryItem = z.output<typeof HistoryItem>;
const History = z.object({ AlarmHistoryItems: z.array(HistoryItem).default([]), NextToken: z.string().optional() });

const state = z.object({ stateValue: z.string(), stateReason: z.string().default("") });
const HistoryData = z.object({ oldState: state, newState: state });

/** Alarms on the services' resources that went into or out of ALARM, and those that were in it all the while. */
export async function readAlarms(parts: AlarmParts, { services, from, to, abort }: AlarmsQuery): Promise<AlarmsFound> {
  const watched = watchedBy(parts, services);
  if (watched.length === 0) return { changes: [], gaps: [] };
  const [history, firing] = await Promise.all([
    pages(
      parts,
      History,
      ({ AlarmHistoryItems: items }) => items,
      (token) =>
        parts.client.alarmHistory(
          {
            ...{ HistoryItemType: "StateUpdate", AlarmTypes: ["MetricAlarm"], MaxRecords: MAX_NAMED },
            ...{ StartDate: new Date(from), EndDate: new Date(to), ScanBy: "TimestampDescending", NextToken: token },
          },
          abort,
        ),
    ),
    pages(
      parts,
      Alarms,
      ({ MetricAlarms: alarms }) => alarms,
      (token) =>
        parts.client.alarms(
          { StateValue: "ALARM", AlarmTypes: ["MetricAlarm"], MaxRecords: MAX_NAMED, NextToken: token },
          abort,
        ),
    ),
  ]);
  const updates = history.items.filter(({ Timestamp: at }) => +at > from && +at <= to).flatMap(changeOf);
  const known = new Map(firing.items.map((alarm) => [alarm.AlarmName, alarm]));
  for (const alarm of await named(
    parts,
    updates.map(({ alarm }) => alarm).filter((name) => !known.has(name)),
    abort,
  )) {
    known.set(alarm.AlarmName, alarm);
  }
  const about = (alarm: Alarm | undefined) => (alarm ? servicesOf(alarm, watched) : []);
  const url = (name: string) => alarmLink(parts.region, name);
  const changed = updates.flatMap((update) =>
    about(known.get(update.alarm)).map((service): AlarmChange => ({ service, url: url(update.alarm), ...update })),
  );
  const lasting = firing.items.flatMap((alarm): AlarmChange[] => {
    const since = alarm.StateUpdatedTimestamp;
    if (since === undefined || +since > from) return [];
    const change = { alarm: alarm.AlarmName, at: +since, from: undefined, to: "ALARM", reason: alarm.StateReason };
    return about(alarm).map((service) => ({ service, url: url(alarm.AlarmName), ...change }));
  });
  const gaps = history.isCut || firing.isCut ? [`${parts.names.name} has more alarms than were looked through`] : [];
  return { changes: [...changed, ...lasting], gaps };
}

interface Watched {
  readonly service: string;
  readonly namespace: string;
  readonly dimensions: Dimensions;
}

/** What the services' metrics are known by: an alarm on a metric of one of these is the service's. */
function watchedBy(parts: AlarmParts, services: readonly string[]): readonly Watched[] {
  const resources = parts.resources();
  return services.flatMap((service) => {
    const entry = parts.catalog.find(service);
    const own = entry
      ? parts.own.map(({ namespace, dimensionsOf }) => ({ namespace, dimensions: dimensionsOf(entry) }))
      : [];
    const vended = (resources.get(service) ?? [])
      .filter(({ region }) => region === undefined || region === parts.region)
      .map(({ kind, dimensions }) => ({ namespace: kind.namespace, dimensions }));
    return [...own, ...vended].map((one) => ({ service, ...one }));
  });
}

function servicesOf({ Metrics: metrics, ...alarm }: Alarm, watched: readonly Watched[]): string[] {
  const all = [alarm, ...metrics.flatMap(({ MetricStat: stat }) => stat?.Metric ?? [])];
  const speaksOf = ({ namespace, dimensions }: Watched) =>
    all.some(({ Namespace: its, Dimensions: given }) => {
      const values = new Map(given.map(({ Name: name, Value: value }) => [name, value]));
      return its === namespace && Object.entries(dimensions).every(([name, value]) => values.get(name) === value);
    });
  return [...new Set(watched.filter(speaksOf).map(({ service }) => service))];
}

/** Into ALARM or out of it; that data was missing for a while says nothing of an incident. */
function changeOf(item: HistoryItem): Pick<AlarmChange, "alarm" | "at" | "from" | "to" | "reason">[] {
  const data = HistoryData.safeParse(jsonOrNothing(item.HistoryData)).data;
  const [, was, is] = /from (\w+) to (\w+)/.exec(item.HistorySummary) ?? [];
  const [from, to] = [data?.oldState.stateValue ?? was, data?.newState.stateValue ?? is];
  if (from === undefined || to === undefined || from === to || (from !== "ALARM" && to !== "ALARM")) return [];
  return [{ alarm: item.AlarmName, at: +item.Timestamp, from, to, reason: data?.newState.stateReason ?? "" }];
}

function jsonOrNothing(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function named(parts: AlarmParts, names: readonly string[], abort: AbortSignal): Promise<Alarm[]> {
  const wanted = [...new Set(names)];
  const chunks = Array.from({ length: Math.ceil(wanted.length / MAX_NAMED) }, (_, index) =>
    wanted.slice(index * MAX_NAMED, (index + 1) * MAX_NAMED),
  );
  const read = await Promise.all(
    chunks.map((AlarmNames) =>
      pages(
        parts,
        Alarms,
        ({ MetricAlarms: alarms }) => alarms,
        (token) =>
          parts.client.alarms(
            { AlarmNames, AlarmTypes: ["MetricAlarm"], MaxRecords: MAX_NAMED, NextToken: token },
            abort,
          ),
      ),
    ),
  );
  return read.flatMap(({ items }) => items);
}

async function pages<Page extends { NextToken?: string | undefined }, Item>(
  { names }: AlarmParts,
  schema: z.ZodType<Page>,
  itemsOf: (page: Page) => readonly Item[],
  ask: (token: string | undefined) => Promise<unknown>,
): Promise<{ items: readonly Item[]; isCut: boolean }> {
  const items: Item[] = [];
  let token: string | undefined;
  for (let count = 0; count < MAX_PAGES; count++) {
    const parsed = schema.safeParse(await ask(token));
    if (!parsed.success) {
      throw anotherShape(
        names,
        `${parsed.error.issues[0]?.path.join(".") || "the whole answer"} is not as it should be`,
      );
    }
    items.push(...itemsOf(parsed.data));
    token = parsed.data.NextToken;
    if (token === undefined) return { items, isCut: false };
  }
  return { items, isCut: true };
}
