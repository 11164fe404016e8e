import { CouldNotLook } from "@oncall-copilot/core";
import type { AlarmsFound, MetricsStore, Series, SeriesFound } from "../store.ts";

/**
 * Several backends as one. Each signal of a service is the first's that has samples of it; one that fails is a gap while another
 * answers.
 */
export function combinedStore(stores: readonly MetricsStore[]): MetricsStore {
  const [first] = stores;
  if (!first) throw new Error("there is nothing to combine");
  const keeping = stores.filter((store) => store.alarms);
  return {
    name: stores.map(({ name }) => name).join(" and "),
    url: (service, series, from, to) => {
      const its = stores.find(({ name }) => name === series?.backend) ?? first;
      return its.url(service, series, from, to);
    },
    series: async (query): Promise<SeriesFound> => {
      const { answers, failures } = await askAll(stores, (store) => store.series(query), query.abort);
      const found = new Map<string, Series>();
      for (const { store, answer } of answers) {
        for (const series of answer.series) {
          const key = `${series.service}\n${series.signal}`;
          if (!found.has(key)) found.set(key, { ...series, backend: store.name });
        }
      }
      // What is there may all be with the one that could not be asked.
      const failure = together(failures);
      if (found.size === 0 && failure) throw failure;
      return {
        series: [...found.values()],
        gaps: [...gapsOf(failures), ...answers.flatMap(({ answer }) => answer.gaps)],
        unread: answers.flatMap(({ answer }) => answer.unread ?? []),
        failure: together([...failures, ...answers.flatMap(({ answer }) => answer.failure ?? [])]),
      };
    },
    lookedFor: (service) => stores.flatMap((store) => store.lookedFor?.(service) ?? []).join("; or "),
    ...(keeping.length === 0
      ? {}
      : {
          alarms: async (query): Promise<AlarmsFound> => {
            const { answers, failures } = await askAll(keeping, (store) => alarmsOf(store, query), query.abort);
            return {
              changes: answers.flatMap(({ answer }) => answer.changes),
              gaps: [...gapsOf(failures), ...answers.flatMap(({ answer }) => answer.gaps)],
            };
          },
        }),
  };
}

const alarmsOf = async (store: MetricsStore, query: Parameters<NonNullable<MetricsStore["alarms"]>>[0]) =>
  (await store.alarms?.(query)) ?? { changes: [], gaps: [] };

const gapsOf = (failures: readonly CouldNotLook[]) => failures.map(({ message }) => `could not look: ${message}`);

interface Asked<T> {
  readonly answers: readonly { readonly store: MetricsStore; readonly answer: T }[];
  readonly failures: readonly CouldNotLook[];
}

/** Throws CouldNotLook when none of them could look, with what each has to say. */
async function askAll<T>(
  stores: readonly MetricsStore[],
  ask: (store: MetricsStore) => Promise<T>,
  abort: AbortSignal,
): Promise<Asked<T>> {
  const settled = await Promise.allSettled(stores.map(ask));
  abort.throwIfAborted();
  const answers = stores.flatMap((store, index) => {
    const outcome = settled[index];
    return outcome?.status === "fulfilled" ? [{ store, answer: outcome.value }] : [];
  });
  const failures = settled.flatMap((outcome) => {
    if (outcome.status === "fulfilled") return [];
    if (outcome.reason instanceof CouldNotLook) return [outcome.reason];
    throw outcome.reason;
  });
  const failure = together(failures);
  if (answers.length === 0 && failure) throw failure;
  return { answers, failures };
}

/** Several failures as one, with what each has to say. */
function together(failures: readonly CouldNotLook[]): CouldNotLook | undefined {
  const [failure] = failures;
  if (!failure || failures.length === 1) return failure;
  return new CouldNotLook(failure.reason, failures.map(({ message }) => message).join("; and "), {
    tryNext: failures.flatMap(({ tryNext }) => tryNext),
    cause: failure,
  });
}
