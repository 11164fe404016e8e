import type { ReceivedAlert } from "../intake/read-alert.ts";
import { memoryCarryStore } from "./looks/carry-store.ts";
import type { Clock } from "./looks/clock.ts";
import { TimerWakeUp } from "./looks/timer-wake-up.ts";
import { prepareTriage, runTriage, type TriagePorts, type TriageRun } from "./run-triage.ts";
import type { Settings } from "./settings.ts";

/**
 * Looks at an incident until it is settled, in one process that waits in between. Each look is a triage of its own; what one hands to the
 * next goes through the same ports as between machines. Resolves with the last run that made a report.
 */
export async function followIncident(
  alert: ReceivedAlert,
  settings: Settings,
  ports: Omit<TriagePorts, "looks">,
  clock: Clock,
): Promise<TriageRun> {
  const wakeUp = new TimerWakeUp(clock);
  const looks = { carries: memoryCarryStore(), wakeUp };
  let last: TriageRun | undefined;
  do {
    const run = await runTriage(await prepareTriage(alert, { ...settings, asOf: clock.now() }), { ...ports, looks });
    if (run.kind !== "unchanged" || !last) last = run;
  } while (await wakeUp.wait(alert.incident.id, ports.signal));
  return last;
}
