import { type Citation, type Claim, headingOf } from "@oncall-copilot/core";
import type { MetricSignal, MetricSuspect } from "../../tools/answers.ts";
import { claim, logsClaim, signalClaim } from "./claims.ts";
import type { NoFault } from "./no-fault.ts";
import { cite, readable, sampleOf, signalLine, worstSignal } from "./quote.ts";
import type { Blame, Seen } from "./seen.ts";
import type { CulpritReading } from "./settle.ts";
import { isCalm } from "./signals.ts";
import { DATED } from "./suspicion.ts";

/** So many commits are named in one sentence. */
const MAX_LEFT = 4;

const quotesOf = (suspect: MetricSuspect, signals: readonly MetricSignal[]): Citation[] =>
  signals.flatMap((signal) => signalClaim(suspect, signal)).flatMap(({ supports }) => supports);

/** "This is X because of Y", in one sentence. */
export function diagnosisOf({ suspect, told }: CulpritReading, seen: Seen): Claim {
  const { name, metrics, log } = suspect;
  const whom = name === seen.service ? name : `${name}, which ${seen.service} depends on,`;
  // A suspicion too weak to date anything is no second witness: it would make a guess look agreed upon.
  const worst = metrics && metrics.score >= DATED ? worstSignal(metrics) : undefined;
  const line = metrics && worst && signalLine(metrics, worst);
  const effect = line && worst ? `its ${worst.signal} turned ${worst.change}` : "it logs new trouble";
  const shown = line ? [cite(metrics.evidence, line)] : logsClaim(name, log).flatMap(({ supports }) => supports);
  const who = whom.replace(/,$/, "");
  switch (told.family) {
    case "other": {
      if (told.outside === "one_input") {
        return claim(
          `One and the same input fails over and over at ${who}: ${effect}.`,
          ...logsClaim(name, log).flatMap(({ supports }) => supports),
          ...shown,
        );
      }
      if (told.outside === "ground" && seen.ground) {
        const { dependents, pattern } = seen.ground;
        return claim(
          `Several services that stand on ${name} turned at once (${dependents.slice(0, MAX_LEFT).join(", ")}), and its own log says that it is in trouble.`,
          ...logsClaim(name, pattern).flatMap(({ supports }) => supports),
          ...dependents.flatMap((one) => worstOf(one, seen)),
        );
      }
      const blame = shown.length > 0 ? undefined : seen.blames.find(({ callee }) => callee === name);
      return blame
        ? claim(`The trouble starts at ${who}: ${blame.caller} says so in its log.`, ...quoteOf(blame))
        : claim(`The trouble starts at ${who}: ${effect}.`, ...shown);
    }
    case "undersized_hpa": {
      if (told.change) {
        const { sha, evidence } = told.change.change;
        return claim(
          `${whom} has too little capacity since commit ${sha.slice(0, 10)} set less: its ${told.strained.signal} turned up, and ${effect}.`,
          ...(metrics ? quotesOf(metrics, [told.strained]) : []),
          cite(evidence, headingOf(evidence)),
          ...shown,
        );
      }
      const full = metrics ? quotesOf(metrics, [told.strained]) : [];
      const load = told.load ? ` while ${told.load.signal} is up` : "";
      const capped = told.atMost ? [cite(told.atMost.evidence, sampleOf(told.atMost))] : [];
      const most = told.atMost ? ", and its autoscaler may not add any more" : "";
      return claim(
        `${whom} has too little capacity: its ${told.strained.signal} turned up${load}, and ${effect}${most}.`,
        ...full,
        ...capped,
        ...shown,
      );
    }
    case "expired_secret":
    case "missing_iam_permission": {
      const said = logsClaim(name, told.pattern).flatMap(({ supports }) => supports);
      const why =
        told.family === "expired_secret"
          ? "the credential that it uses is not accepted"
          : "a right that it needs is refused";
      return claim(`${whom} fails since ${why}, as its own log says, and ${effect}.`, ...said, ...shown);
    }
    default: {
      if ("patience" in told) {
        const { blame, file, lines } = told.patience;
        const text = `What runs of ${whom} differs from git: its log says how soon it gives up on ${blame.callee}, and ${file.path} says otherwise; ${effect}.`;
        return claim(text, ...quoteOf(blame), cite(file.evidence, lines), ...shown);
      }
      if ("scaled" in told) {
        const text = `Fewer pods of ${name} are wanted than before, and no commit says so: its ${told.scaled.signal} turned down, then ${effect}.`;
        return claim(text, ...(metrics ? quotesOf(metrics, [told.scaled]) : []), ...shown);
      }
      if ("left" in told) {
        const ids = told.left.map(({ change }) => change.sha.slice(0, 10));
        const few = ids.slice(0, MAX_LEFT).join(", ");
        const them =
          ids.length === 1
            ? `${few} was live before that, and nothing of the trouble names it`
            : `${few} were live before that, and nothing tells them apart`;
        const quotes = told.left
          .slice(0, MAX_LEFT)
          .map(({ change: { evidence } }) => cite(evidence, headingOf(evidence)));
        return claim(`A deployment may have broken ${who}: ${effect}; ${them}.`, ...quotes, ...shown);
      }
      const { sha, kind, evidence } = told.change.change;
      if (kind === "drift") {
        const text = `What runs of ${whom} was changed outside git and differs from what should run; then ${effect}.`;
        return claim(text, cite(evidence, headingOf(evidence)), ...shown);
      }
      const what = told.family === "config_drift" ? "A change of configuration that reached" : "A deployment of";
      return claim(
        `${what} ${whom} broke it: commit ${sha.slice(0, 10)} went live, then ${effect}.`,
        cite(evidence, headingOf(evidence)),
        ...shown,
      );
    }
  }
}

/** The figures of another one that speak most of trouble. */
export function worstOf(name: string, { metrics, closer }: Seen): Citation[] {
  const measured = closer.get(name) ?? metrics?.suspects.find(({ service }) => service === name);
  const worst = measured && worstSignal(measured);
  return measured && worst ? quotesOf(measured, [worst]) : [];
}

const quoteOf = ({ pattern, line }: Blame): Citation[] => [cite(pattern.evidence, readable(line))];

/** How callers' logs lead from the alerting service to the culprit, and whom the culprit blames though it is as ever. */
export function blameClaims({ suspect: { name } }: CulpritReading, seen: Seen): Claim[] {
  const { blames, closer } = seen;
  const end = blames.findIndex(({ callee }) => callee === name);
  const led = end < 0 ? [] : blames.slice(0, end + 1);
  const own = blames.find(({ caller, standing }) => caller === name && standing === "well");
  const wellOff = own && closer.get(own.callee);
  const calm = (wellOff?.signals ?? []).filter(isCalm);
  return [
    ...led.map((blame) => claim(`The log of ${blame.caller} puts it down to ${blame.callee}.`, ...quoteOf(blame))),
    // Whom nobody measures is known by how those fare who call it.
    ...led.flatMap(({ caller, callee, standing }) => {
      const felt = callee === name && standing === "unseen" ? worstOf(caller, seen) : [];
      return felt.length === 0 ? [] : [claim(`${caller}, which calls ${callee}, feels it.`, ...felt)];
    }),
    ...(own && wellOff && calm.length > 0
      ? [
          claim(
            `${own.callee}, which ${name} puts it down to, is as ever.`,
            ...quoteOf(own),
            ...quotesOf(wellOff, calm),
          ),
        ]
      : []),
  ];
}

/** Why nothing is broken, and why nothing is proposed. */
export function harmlessDiagnosis(
  { service, why }: NoFault,
  seen: Seen,
): { diagnosis: Claim; claims: Claim[]; noFix: string } {
  const name = service.service;
  switch (why.kind) {
    case "peak": {
      const text = `${name} takes more traffic than usual and nothing is broken: ${why.load.signal} is up while ${inRange(why.calm)}.`;
      return {
        diagnosis: {
          text,
          supports: quotesOf(service, [why.load, ...why.calm]),
          contradicts: quotesOf(service, why.strained),
        },
        claims: [],
        noFix: "nothing is broken: it is a traffic peak that is being served",
      };
    }
    case "habit": {
      const past = seen.history ? why.past.map((part) => cite(seen.history?.evidence ?? service.evidence, part)) : [];
      const text = `Nothing shows to be broken at ${name}: ${inRange(why.calm)}, and this alert has nearly always come for nothing.`;
      return {
        diagnosis: claim(text, ...quotesOf(service, why.calm), ...past),
        claims: [],
        noFix: `nothing is broken: what should change is the alert of ${name}, which comes for what is usual`,
      };
    }
    case "unfelt": {
      const [alarm] = why.alarming;
      const callers = why.callers.map(({ service: caller }) => caller).join(" and ");
      const text = `Nobody feels what ${alarm?.signal ?? "the alert"} of ${name} says: ${callers}, which ${why.callers.length === 1 ? "calls" : "call"} it, ${why.callers.length === 1 ? "shows" : "show"} no such trouble, so the measurement is the likelier fault.`;
      const symptoms = ({ signals }: MetricSuspect) =>
        signals.filter(({ role, change }) => role !== "other" && role !== "saturation" && change !== "unmeasured");
      const said = why.said
        ? [claim(`Right before, ${name} logged this for the first time.`, cite(why.said.evidence, sampleOf(why.said)))]
        : [];
      return {
        diagnosis: {
          text,
          supports: why.callers.flatMap((caller) => quotesOf(caller, symptoms(caller))),
          contradicts: quotesOf(service, why.alarming),
        },
        claims: [
          ...said,
          ...signalClaim(
            service,
            service.signals.find(({ role }) => role === "load"),
          ),
        ],
        noFix: `what is wrong is how ${name} is measured, and where that is set was not seen`,
      };
    }
  }
}

function inRange(calm: readonly MetricSignal[]): string {
  const names = calm.map(({ signal }) => signal).join(" and ");
  return `${names} ${calm.length === 1 ? "stays" : "stay"} within ${calm.length === 1 ? "its" : "their"} usual range`;
}
