import { RULES, type Rule } from "./rules.ts";
import type { Monitoring } from "./signals.ts";

export interface Fired {
  readonly rule: Rule;
  readonly at: number;
  readonly value: number;
}

/** Evaluates every rule at each scrape; a rule fires when its condition has held for its time. */
export class Alerting {
  readonly fired: Fired[] = [];
  readonly #since = new Map<Rule, number>();
  readonly #silenced: readonly string[];

  constructor(silenced: readonly string[] = []) {
    this.#silenced = silenced;
  }

  evaluate({ latest }: Pick<Monitoring, "latest">, at: number): void {
    for (const rule of RULES) {
      const value = latest.get(`${rule.service} ${rule.signal}`);
      if (value === undefined || value <= rule.above || this.#silenced.includes(rule.alert)) {
        this.#since.delete(rule);
        continue;
      }
      const since = this.#since.get(rule) ?? at;
      this.#since.set(rule, since);
      const isNew = !this.fired.some((one) => one.rule === rule);
      if (isNew && at - since >= rule.forSeconds * 1000) this.fired.push({ rule, at, value });
    }
  }
}

/** What Alertmanager's webhook would have been sent. */
export function alertBody({ rule, at, value }: Fired): object {
  const labels = {
    alertname: rule.alert,
    cluster: "gke-north1",
    namespace: "skerry",
    service: rule.service,
    severity: "page",
  };
  const annotations = {
    summary: rule.summary(String(value)),
    description: rule.description,
    runbook_url: `https://handbook.skerry.example/runbooks/${rule.alert.replace(/(?<=[a-z])(?=[A-Z])/g, "-").toLowerCase()}`,
  };
  const { alertname, service } = labels;
  return {
    ...{ receiver: "pager", status: "firing", version: "4", truncatedAlerts: 0 },
    alerts: [
      {
        ...{ status: "firing", labels, annotations },
        startsAt: new Date(at).toISOString(),
        endsAt: "0001-01-01T00:00:00Z",
        generatorURL: `https://prometheus.skerry.example/graph?g0.expr=${encodeURIComponent(rule.expr)}&g0.tab=1`,
        fingerprint: fingerprint(`${alertname}/${service}`),
      },
    ],
    ...{ groupLabels: { alertname, service }, commonLabels: labels, commonAnnotations: annotations },
    externalURL: "https://alertmanager.skerry.example",
    groupKey: `{}:{alertname="${alertname}", service="${service}"}`,
  };
}

/** FNV-1a over 64 bits, as Alertmanager's own fingerprints are. */
function fingerprint(text: string): string {
  let hash = 0xcbf29ce484222325n;
  for (const byte of Buffer.from(text)) hash = ((hash ^ BigInt(byte)) * 0x100000001b3n) & 0xffffffffffffffffn;
  return hash.toString(16).padStart(16, "0");
}
