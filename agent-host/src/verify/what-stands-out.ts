import type { Catalog, Cut, Evidence, Incident } from "@oncall-copilot/core";
import { isAbout, isHealth, isStillSo, isTrouble, type Shown, shownBy } from "./agreement.ts";
import { type CheckedDraft, heldClaims } from "./check-draft.ts";

interface Known {
  readonly incident: Incident;
  readonly service: string | null;
  readonly evidence: ReadonlyMap<string, Evidence>;
  readonly catalog: Catalog;
}

/** Who depends on a service or resource, by the catalog. */
export const callersOf = (name: string, catalog: Catalog): string[] =>
  catalog.entries().flatMap((entry) => (entry.dependsOn.includes(name) ? [entry.name] : []));

/** "Nothing is wrong" while a cited signal of the alerting service says otherwise, or while none that is cited says so. */
export function whatStandsOut(checked: CheckedDraft, { incident, service, evidence, catalog }: Known): Cut | undefined {
  const { diagnosis } = checked;
  if (diagnosis === null || service === null) return undefined;
  const page = Date.parse(incident.started_at);
  const shown = shownBy(
    heldClaims(checked).flatMap(({ supports }) => supports),
    evidence,
  );
  const callers = callersOf(service, catalog);
  const loud = shown.find((one) => isTrouble(one) && isAbout(one, service) && isStillSo(one, page));
  const grows = shown.some((one) => one.mark.load === true && one.mark.shows === "unusual" && isAbout(one, service));
  const ofCallers = shown.filter((one) => one.kind === "metrics" && callers.some((name) => isAbout(one, name)));
  // What callers felt later, or no longer do, is not what the alert is about.
  const feels = (one: Shown) => isTrouble(one) && one.mark.to === undefined && (one.mark.from ?? 0) <= page;
  const unfelt = ofCallers.length > 0 && !ofCallers.some(feels);
  const { text } = diagnosis;
  if (loud && !grows && !unfelt)
    return {
      what: "diagnosis",
      text,
      why: `it says that nothing is wrong while ${loud.mark.of} of ${service} stands out`,
    };
  if (unfelt || shown.some((one) => isHealth(one) && isAbout(one, service))) return undefined;
  const why = `it says that nothing is wrong, and cites no signal of ${service} that is as usual`;
  return { what: "diagnosis", text, why };
}
