import { alertFingerprint } from "@oncall-copilot/core";
import type { Random } from "../random.ts";
import { FRONT_SHAPES } from "./front-shapes.ts";
import { INNER_SHAPES } from "./inner-shapes.ts";
import { momentOf } from "./moments.ts";
import type { Course, Shape } from "./shape.ts";

/** A row of history.ndjson. */
export interface PastIncident {
  readonly id: string;
  readonly fingerprint: string;
  readonly alert: string;
  readonly service: string;
  readonly severity: string;
  readonly summary: string;
  readonly started_at: string;
  readonly resolved_at: string;
  readonly root_cause: string;
  readonly fix: string;
  readonly fix_worked: boolean;
  readonly pr_url: string | null;
  readonly source: string;
}

export interface HistoryRequest {
  /** The alert of the recording: three years before it, and a little after. */
  readonly until: Date;
  /** The labels that every alert of the estate carries, since the fingerprint depends on them. */
  readonly labels: Readonly<Record<string, string>>;
  readonly seed: number;
  readonly random: Random;
}

const YEARS = 3;
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
/** Rows that a careful reader leaves out: they begin after the alert. */
const AFTER_THE_ALERT = 4;
/** Before the shop moved into one repository, each service had its own. */
const ONE_REPOSITORY_SINCE = 58 * DAY;

type Draft = Omit<PastIncident, "id">;

/** Three years of incidents, oldest first, with ids in the order of their time. */
export function generateHistory(request: HistoryRequest): PastIncident[] {
  const shapes = [...FRONT_SHAPES, ...INNER_SHAPES];
  const drafts = shapes.flatMap((shape) => incidentsOf(shape, request));
  const { random, until } = request;
  for (let index = 0; index < AFTER_THE_ALERT; index += 1) {
    const shape = random.pick(shapes);
    const startedAt = until.getTime() + random.between(0.3, 30) * 60 * MINUTE;
    drafts.push(draft(shape, pickCourse(shape, random), startedAt, request));
  }
  return drafts
    .sort((a, b) => (a.started_at < b.started_at ? -1 : 1))
    .map((one, index) => ({ id: `INC-${10_412 + index * 2}`, ...one }));
}

function incidentsOf(shape: Shape, request: HistoryRequest): Draft[] {
  const { random, until } = request;
  const drafts: Draft[] = [];
  const count = Math.round(shape.perYear * YEARS * random.between(0.9, 1.1));
  for (let index = 0; index < count; index += 1) {
    const startedAt = momentOf(shape.when, until.getTime() - YEARS * 365 * DAY, until.getTime() - 2 * DAY, random);
    const course = pickCourse(shape, random);
    const first = draft(shape, course, startedAt, request);
    drafts.push(first);
    // What did not help is followed by the same trouble again, and by something else that was tried.
    if (!first.fix_worked) {
      const again = Date.parse(first.resolved_at) + random.between(6, 90) * MINUTE;
      const other = shape.courses.find((one) => one.rootCause === course.rootCause && one !== course) ?? course;
      drafts.push({ ...draft(shape, other, again, request), fix_worked: true });
    }
  }
  return drafts;
}

function draft(shape: Shape, course: Course, startedAt: number, request: HistoryRequest): Draft {
  const { random } = request;
  const minutes = Math.max(3, random.lognormal(course.medianMinutes, 0.55));
  const age = request.until.getTime() - startedAt;
  return {
    fingerprint: alertFingerprint({ alert: shape.alert, service: shape.service, labels: request.labels }),
    alert: shape.alert,
    service: shape.service,
    severity: shape.severity,
    summary: fill(shape.summary, random),
    started_at: new Date(startedAt).toISOString(),
    resolved_at: new Date(startedAt + minutes * MINUTE).toISOString(),
    root_cause: course.rootCause,
    fix: course.fix,
    fix_worked: random.next() < course.worked,
    pr_url: course.pullRequestIn === undefined ? null : pullRequestUrl(course.pullRequestIn, age),
    source: `generated, seed ${request.seed}`,
  };
}

function pullRequestUrl(service: string, age: number): string {
  if (age < ONE_REPOSITORY_SINCE) {
    const number = 332 + Math.floor((1 - age / ONE_REPOSITORY_SINCE) * 115);
    return `https://github.com/northwind/shop/pull/${number}`;
  }
  const number = Math.max(1, Math.floor(900 - age / (1.3 * DAY)));
  return `https://github.com/northwind/${service}/pull/${number}`;
}

function pickCourse(shape: Shape, random: Random): Course {
  const total = shape.courses.reduce((sum, { weight }) => sum + weight, 0);
  let dice = random.next() * total;
  for (const course of shape.courses) {
    dice -= course.weight;
    if (dice < 0) return course;
  }
  return random.pick(shape.courses);
}

function fill(template: string, random: Random): string {
  return template
    .replace("{seconds}", random.between(1.6, 6).toFixed(1))
    .replace("{percent}", `${random.between(5, 34).toFixed(1)} %`)
    .replace("{rate}", random.between(32, 58).toFixed(1))
    .replace("{memory}", String(random.integer(211, 249)))
    .replace("{count}", String(random.integer(3, 9)));
}

/** The lines of history.ndjson. */
export function formatHistory(incidents: readonly PastIncident[]): string {
  return incidents.map((incident) => `${JSON.stringify(incident)}\n`).join("");
}
