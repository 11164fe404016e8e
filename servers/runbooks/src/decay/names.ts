import type { CodeMention, ParsedPage } from "../pages/outline.ts";

/** A name that a page uses as a service's or a resource's, and how it shows: `deployment`, `host`, `dashboard`. */
export interface NameMention {
  readonly name: string;
  readonly as: string;
}

const NAME = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";

/** What Kubernetes calls a workload or a service, as `kubectl` takes it before a slash or a space. */
const KINDS: Readonly<Record<string, string>> = {
  deploy: "deployment",
  deployment: "deployment",
  deployments: "deployment",
  "deployment.apps": "deployment",
  sts: "stateful set",
  statefulset: "stateful set",
  statefulsets: "stateful set",
  ds: "daemon set",
  daemonset: "daemon set",
  rollout: "rollout",
  svc: "service",
  service: "service",
  services: "service",
};
const KIND = Object.keys(KINDS)
  .sort((a, b) => b.length - a.length)
  .join("|");

const COMMAND = /\b(?:kubectl|oc|helm|argocd|k9s)\b/;
const SLASHED = new RegExp(`(?<![\\w./-])(${KIND})/(${NAME})(?![\\w$<{./-])`, "g");
/** `kubectl rollout status` names no rollout. */
const SPACED = new RegExp(`(?<![\\w./-])(?!rollout)(${KIND})[ \\t]+(?!-)(${NAME})(?![\\w$<{./=-])`, "g");
const ARGO_APP = new RegExp(`\\bargocd app (?:get|sync|rollback|diff|history|wait) (${NAME})(?![\\w$<{])`, "g");
const UNIT = new RegExp(`\\bsystemctl (?:re)?(?:start|stop|load|status) (${NAME})(?:\\.service)?(?![\\w$<{])`, "g");
const HOST = new RegExp(`(?<![\\w.$-])(${NAME})(?:\\.${NAME})?\\.svc(?:\\.cluster\\.local)?(?![\\w-])`, "g");
/** The cluster's own namespaces: what lives there is in no service catalog. */
const SYSTEM_NAMESPACE = /(?:-n|--namespace)[ =]?(?:kube-[a-z]+|[a-z0-9-]*-system|openshift-[a-z0-9-]+)\b/;

/** The words that make the code beside them a service's or resource's name in a sentence. */
const NOUN = "service|microservice|deployment|database|queue|topic|bucket|cache|component|workload";
const NOUN_BEFORE = new RegExp(`\\b(${NOUN})[ \\t]+(?:called |named )?$`, "i");
const NOUN_AFTER = new RegExp(`^[ \\t]+(${NOUN})\\b`, "i");
/** At least two words joined by hyphens: a lone word in code is as often a flag, a field or a command. */
const HYPHENATED = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)+$/;
/** Endings that say what a name in code is, without a noun beside it. */
const TELLING_ENDINGS: readonly (readonly [ending: RegExp, as: string])[] = [
  [/-(?:db|database|mysql|mariadb|postgres|postgresql|mongodb)$/, "database"],
  [/-(?:queue|kafka|rabbitmq)$/, "queue"],
  [/-(?:cache|redis|memcached)$/, "cache"],
  [/-(?:service|svc|gateway|worker)$/, "service"],
];
const DASHBOARD_VARIABLE = /^(?:var-)?(?:service|app|deployment|component|workload)$/;
const PLACEHOLDER = /^(?:name|my-.*|your-.*|some-.*|foo|bar|example.*|x+)$/;

/** Every name that a page plainly uses as a service's or resource's, each once; placeholders are none. */
export function namesIn(page: ParsedPage): NameMention[] {
  const found = new Map<string, NameMention>();
  const add = (name: string | undefined, as: string) => {
    if (name !== undefined && !PLACEHOLDER.test(name) && !found.has(name)) found.set(name, { name, as });
  };
  for (const code of page.codes) {
    for (const written of code.text.split("\n")) {
      const line = written.replace(/(?:^|\s)#.*$/, "");
      if (SYSTEM_NAMESPACE.test(line)) continue;
      for (const match of line.matchAll(SLASHED)) add(match[2], KINDS[match[1] ?? ""] ?? "workload");
      if (COMMAND.test(line))
        for (const match of line.matchAll(SPACED)) add(match[2], KINDS[match[1] ?? ""] ?? "workload");
      for (const match of line.matchAll(ARGO_APP)) add(match[1], "Argo CD application");
      for (const match of line.matchAll(UNIT)) add(match[1], "unit");
      for (const match of line.matchAll(HOST)) add(match[1], "host");
    }
    const noun = nounBeside(page.text, code);
    if (noun !== undefined) add(code.text, noun);
  }
  for (const link of page.links) for (const name of dashboardNames(link)) add(name, "dashboard");
  return [...found.values()];
}

function nounBeside(text: string, code: CodeMention): string | undefined {
  if (code.block || !HYPHENATED.test(code.text) || code.text.startsWith("kube-")) return undefined;
  const before = NOUN_BEFORE.exec(text.slice(Math.max(0, code.start - 40), code.start));
  const after = NOUN_AFTER.exec(text.slice(code.end, code.end + 40));
  const noun = (before?.[1] ?? after?.[1])?.toLowerCase();
  return noun ?? TELLING_ENDINGS.find(([ending]) => ending.test(code.text))?.[1];
}

/** Services that a dashboard's address is set to: `?var-service=payments`. */
function dashboardNames(link: string): string[] {
  if (!URL.canParse(link)) return [];
  const names = [...new URL(link).searchParams].filter(([name]) => DASHBOARD_VARIABLE.test(name));
  return names.map(([, value]) => value).filter((value) => new RegExp(`^${NAME}$`).test(value));
}
