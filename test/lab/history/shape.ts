/** A way in which an incident of some alert came about and ended. */
export interface Course {
  /** How often, against the other courses of its alert. */
  readonly weight: number;
  readonly rootCause: string;
  readonly fix: string;
  /** How often the fix held. A failed one is followed by another incident before long. */
  readonly worked: number;
  readonly medianMinutes: number;
  /** Whose repository the pull request was opened in; none when nothing was changed in git. */
  readonly pullRequestIn?: string;
}

/** Incidents of one alert on one service. */
export interface Shape {
  readonly alert: string;
  readonly service: string;
  readonly severity: "page" | "ticket";
  readonly summary: string;
  readonly perYear: number;
  /** When such things happen: with roll-outs in office hours, with customers, or at any time. */
  readonly when: "office" | "season" | "any";
  readonly courses: readonly Course[];
}

/** A deployment broke it; taking it back helped. */
export function reverted(weight: number, service: string, what: string, worked = 0.93): Course {
  return {
    weight,
    rootCause: `${service}: ${what}`,
    fix: `reverted the last deployment of ${service}`,
    worked,
    medianMinutes: 34,
    pullRequestIn: service,
  };
}

/** A setting was wrong or became too small. */
export function changed(weight: number, service: string, what: string, fix: string, worked = 0.86): Course {
  return { weight, rootCause: `${service}: ${what}`, fix, worked, medianMinutes: 52, pullRequestIn: service };
}

/** Pods were started again, which seldom cures anything. */
export function restarted(weight: number, service: string, what: string, worked = 0.45): Course {
  return {
    weight,
    rootCause: `${service}: ${what}`,
    fix: `restarted the pods of ${service}`,
    worked,
    medianMinutes: 24,
  };
}

/** It went away, or was somebody else's to mend. */
export function waited(weight: number, rootCause: string, fix: string, medianMinutes = 41): Course {
  return { weight, rootCause, fix, worked: 0.97, medianMinutes };
}
