import { alertFingerprint } from "@oncall-copilot/core";
import type { Random } from "../../random.ts";
import { RULES } from "../estate/rules.ts";
import { COURSES, type Course } from "./courses.ts";

const DAY = 86_400_000;
const MINUTE = 60_000;
const YEARS = 2;
/** Incidents that a careful reader leaves out: they begin after the page. */
const AFTERWARDS = 3;

/** Two years of incidents until a moment and a few after it, generated; each row says so. */
export function pastIncidents(until: number, random: Random): object[] {
  const drafts = Object.entries(COURSES).flatMap(([key, courses]) => {
    const [alert = "", service = ""] = key.split(" ");
    const rule = RULES.find((one) => one.alert === alert && one.service === service);
    if (rule === undefined) throw new Error(`no rule ${key}`);
    return courses.flatMap((course) =>
      Array.from({ length: course.times }, () => {
        const started = until - random.between(1, YEARS * 365) * DAY;
        return row(
          alert,
          service,
          rule.summary(String(rule.above * random.between(1.1, 3.4))),
          course,
          started,
          random,
        );
      }),
    );
  });
  for (let index = 0; index < AFTERWARDS; index += 1) {
    const [key, courses] = random.pick(Object.entries(COURSES));
    const [alert = "", service = ""] = key.split(" ");
    drafts.push(
      row(alert, service, `${service}: ${alert}`, random.pick(courses), until + random.between(2.3, 6) * DAY, random),
    );
  }
  return drafts
    .sort((a, b) => (a.started_at < b.started_at ? -1 : 1))
    .map((one, index) => ({ id: `SKY-${2210 + index * 3}`, ...one }));
}

function row(alert: string, service: string, summary: string, course: Course, started: number, random: Random) {
  const labels = { cluster: "gke-north1", namespace: "skerry" };
  const minutes = Math.max(4, random.lognormal(course.minutes ?? 38, 0.5));
  return {
    fingerprint: alertFingerprint({ alert, service, labels }),
    ...{ alert, service, severity: "page", summary },
    started_at: new Date(started).toISOString(),
    resolved_at: new Date(started + minutes * MINUTE).toISOString(),
    ...{ root_cause: course.cause, fix: course.fix },
    fix_worked: random.next() < (course.worked ?? 0.9),
    pr_url: course.pr === undefined ? null : `https://github.com/${course.pr}/pull/${random.integer(40, 900)}`,
    source: "generated",
  };
}

export const formatPast = (rows: readonly object[]): string => rows.map((one) => `${JSON.stringify(one)}\n`).join("");
