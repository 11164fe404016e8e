import { type Catalog, CouldNotLook } from "@oncall-copilot/core";
import type { ExamineOptions, Finding } from "@oncall-copilot/core/server";
import type { Library, Page, RunbookStore } from "../store.ts";

export interface Examined {
  /** Who and where. */
  readonly backend: string;
  readonly store: RunbookStore;
  readonly catalog: Catalog;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** Services whose pages are looked for when none is named. */
const MAX_SERVICES = 100;
const DAY_MS = 86_400_000;

/** Files of this machine: whether they can be read, and what is there. */
export async function examineFiles(examined: Examined, options: ExamineOptions): Promise<Finding[]> {
  const { backend } = examined;
  try {
    const data = await dataFinding(examined, options);
    const message = "is read with this process's own rights; nothing here writes to it";
    return [
      { backend, check: "reachable", status: "ok", message: "can be read" },
      data,
      { backend, check: "privilege", status: "ok", message },
    ];
  } catch (error) {
    if (!(error instanceof CouldNotLook)) throw error;
    return [failureFinding(backend, "reachable", error)];
  }
}

export const failureFinding = (backend: string, check: Finding["check"], failure: CouldNotLook): Finding => {
  const [cure] = failure.tryNext;
  return { backend, check, status: "failure", message: failure.problem, ...(cure === undefined ? {} : { cure }) };
};

/** A known service's newest page with its age. Throws CouldNotLook; BadRequest for a service that the catalog does not have. */
export async function dataFinding(
  { backend, store, catalog, now }: Examined,
  { service, signal }: ExamineOptions,
): Promise<Finding> {
  const names = service === undefined ? catalog.names.slice(0, MAX_SERVICES) : [catalog.get(service).name];
  const library = await store.find({ service: names }, signal);
  const found = (status: Finding["status"], message: string, cure?: string): Finding => ({
    ...{ backend, check: "data", status, message },
    ...(cure === undefined ? {} : { cure }),
  });
  if (library.pages.length === 0) {
    return found(
      "failure",
      `has no page that can be read${why(library)}`,
      "check where it looks, and what it may see there",
    );
  }
  const count = `${library.whole ? "" : "at least "}${library.pages.length} page${library.pages.length === 1 ? "" : "s"}`;
  for (const name of names) {
    const newest = newestOf(library.pages.filter((page) => isOf(page, name, catalog)));
    if (!newest) continue;
    const said = `${name}'s newest page "${newest.title}" was ${updated(newest, now())}, of ${count}${why(library)}`;
    return found(library.gaps.length > 0 ? "warning" : "ok", said);
  }
  const whose = service === undefined ? "a service of the catalog" : service;
  const newest = newestOf(library.pages);
  const newestSays = newest ? `; the newest page of all, "${newest.title}", was ${updated(newest, now())}` : "";
  return found(
    "warning",
    `has ${count}, and none is labelled or titled with the name of ${whose}${newestSays}${why(library)}`,
    "label each page with its service's name in the catalog",
  );
}

const why = ({ gaps: [gap] }: Library) => (gap === undefined ? "" : `; ${gap}`);

function isOf({ labels, title }: Page, name: string, catalog: Catalog): boolean {
  const labelled = labels.some(
    (label) => catalog.find(label.replace(/^(?:service|component|app)[:=/]/i, ""))?.name === name,
  );
  return (
    labelled ||
    title
      .toLowerCase()
      .split(/[^\p{L}\p{N}_-]+/u)
      .includes(name.toLowerCase())
  );
}

const newestOf = (pages: readonly Page[]): Page | undefined =>
  [...pages].sort((a, b) => (b.updatedAt ?? 0) - (a.updatedAt ?? 0))[0];

function updated({ updatedAt }: Page, now: number): string {
  if (updatedAt === null) return "updated at a time that it does not say";
  const days = Math.max(0, Math.floor((now - updatedAt) / DAY_MS));
  return days === 0 ? "updated today" : `updated ${days} day${days === 1 ? "" : "s"} ago`;
}
