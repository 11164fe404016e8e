import { describe } from "../estate/interventions.ts";
import type { Culprit } from "../play-happenings.ts";
import type { RunFacts } from "./assemble.ts";

/** NOTES.md: where a recording comes from, and what of it happened and what was made up. */
export function writeNotes(facts: RunFacts): string {
  const { scenario, seed, begins, ends, alertAt, delivery, culprit, versions } = facts;
  const done = [...(culprit === undefined ? [] : [culpritOf(facts, culprit)]), ...actsOf(facts)];
  return `# ${scenario.name}

${capital(scenario.summary)}.

Made by \`npm run lab -- ${[facts.runOf ?? [], scenario]
    .flat()
    .map(({ name }) => name)
    .join(
      ",",
    )} --seed ${seed}\` with Prometheus ${versions.prometheus}, Alertmanager ${versions.alertmanager}, git ${versions.git} and Node ${process.versions.node}.

| what | when |
|---|---|
| logs and metrics begin | ${begins.toISOString()} |
| \`${scenario.alert}\` started | ${alertAt.toISOString()} |
| Alertmanager delivered it | ${delivery.at.toISOString()} |
| logs and metrics end | ${ends.toISOString()} |

${done.join("\n") || "No fault was injected."}
Pages delivered in all: ${facts.otherAlerts.join(", ")}.

## What happened for real

- \`alert.json\` is the body of Alertmanager's webhook, byte for byte.
- \`logs.ndjson.gz\` is what the pods wrote, between some thirty processes that called each other over HTTP. Access logs are sampled by trace;
  warnings and errors are all there. Lines of the logger \`kubernetes.events\` were written by the deployer.
- \`metrics.csv.gz\` was asked of Prometheus, which scraped every pod each 5 s. Rates are over 30 s, one sample each 15 s.
- \`deployments.ndjson\` from ${begins.toISOString()} on: roll-outs that the deployer did.
- \`repo.bundle\` holds the commits that these roll-outs were made of; the pods ran its files.

## What was generated

- Commits and deployments before the recording begins are back-dated; the files they led to are the ones that ran.
- \`history.ndjson.gz\` is generated from the seed and says so in each row (\`source\`). A few of its incidents begin after the alert:
  a reader must leave them out.
- \`runbooks/\` and \`catalog.yaml\` were written by hand. Some runbooks are out of date on purpose.
- The databases, the object store and the card gateway are stand-ins that answer over HTTP in the time that a real one would take, and refuse
  who shows no valid credential or has no policy for it. Terraform did not run: what \`infra/iam/\` says is read by the lab.
- The CPU that \`pricing\` and \`search\` use is counted, not burnt; what is over the limit waits for the next period, as under the kernel's quota.
`;
}

function culpritOf({ deployments, begins }: RunFacts, { revision, at }: Culprit): string {
  const rolledOut = deployments.filter((one) => one.revision === revision);
  const [first] = rolledOut;
  const services = rolledOut.map(({ service }) => service).join(", ");
  const how =
    first === undefined
      ? "It rolled out nothing"
      : `It was rolled out to ${services} from ${first.at.toISOString()} on`;
  const long = at < begins ? ", long before it showed" : "";
  return `The culprit is commit \`${revision}\`, pushed at ${at.toISOString()}${long}. ${how}.`;
}

/** What was done to the estate without a commit. */
function actsOf({ scenario: recorded, runOf, begins }: RunFacts): string[] {
  const scenario = runOf ?? recorded;
  const moment = (seconds: number): string => new Date(begins.getTime() + seconds * 1000).toISOString();
  const acts = scenario.happenings.flatMap((one) => ("act" in one ? [`${moment(one.at)}: ${describe(one.act)}`] : []));
  const expiries = Object.entries(scenario.expiries ?? {}).map(([secret, at]) => `${moment(at)}: ${secret} runs out`);
  const done = [...acts, ...expiries];
  if (done.length > 0) return [`Without a commit: ${done.join("; ")}.`];
  return scenario.family === "undersized_hpa" ? [`The traffic grows from ${moment(scenario.faultAt)} on.`] : [];
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
