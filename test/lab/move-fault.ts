import type { Scenario } from "./scenario.ts";

/** The same scenario with its fault at another moment, for trying it out; what then lies before the beginning is left out. */
export function moveFault(scenario: Scenario, faultAt: number): Scenario {
  const earlier = scenario.faultAt - faultAt;
  const { past, expiries } = scenario;
  return {
    ...scenario,
    faultAt,
    traffic: (seconds) => scenario.traffic(seconds + earlier),
    happenings: scenario.happenings
      .map((happening) => ({ ...happening, at: happening.at - earlier }))
      .filter(({ at }) => at >= 0),
    ...(past === undefined ? {} : { past: (begins) => past(new Date(begins.getTime() - earlier * 1000)) }),
    ...(expiries === undefined
      ? {}
      : { expiries: Object.fromEntries(Object.entries(expiries).map(([secret, at]) => [secret, at - earlier])) }),
  };
}
