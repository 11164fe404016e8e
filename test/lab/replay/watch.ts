/** One alert as Prometheus' HTTP API tells of it. */
export interface AlertState {
  readonly name: string;
  readonly service: string;
  readonly state: "pending" | "firing";
  /** When its condition began to hold. */
  readonly activeAt: Date;
}

export async function alertsNow(prometheusUrl: string): Promise<AlertState[]> {
  const response = await fetch(new URL("/api/v1/alerts", prometheusUrl));
  const answer: Answer = JSON.parse(await response.text());
  return answer.data.alerts.map(({ labels, state, activeAt }) => ({
    name: labels["alertname"] ?? "",
    service: labels["service"] ?? "",
    state,
    activeAt: new Date(activeAt),
  }));
}

interface Answer {
  readonly data: {
    readonly alerts: readonly {
      readonly labels: Readonly<Record<string, string>>;
      readonly state: "pending" | "firing";
      readonly activeAt: string;
    }[];
  };
}

/** What was seen of the alerts since a fix was merged. */
export class Watch {
  readonly #alert: string;
  readonly #mergedAt: Date;
  readonly #ofTraffic: readonly string[];
  readonly #others = new Set<string>();
  #quietSince: Date | undefined;

  /** `ofTraffic`: alerts that tell of the customers' number alone, and fire all the more when they are served. */
  constructor(alert: string, mergedAt: Date, ofTraffic: readonly string[] = []) {
    this.#alert = alert;
    this.#mergedAt = mergedAt;
    this.#ofTraffic = ofTraffic;
  }

  see(alerts: readonly AlertState[], at: Date): void {
    const firing = alerts.filter(({ state }) => state === "firing");
    if (firing.some(({ name }) => name === this.#alert)) this.#quietSince = undefined;
    else this.#quietSince ??= at;
    for (const { name, service, activeAt } of firing) {
      // What had begun before the fix belongs to the trouble that it is to end.
      if (name !== this.#alert && !this.#ofTraffic.includes(name) && activeAt > this.#mergedAt)
        this.#others.add(`${name} on ${service}`);
    }
  }

  /** Since when the alert has not fired; undefined while it does. */
  get quietSince(): Date | undefined {
    return this.#quietSince;
  }

  /** Alerts whose condition began to hold after the merge, and which fired. */
  get others(): string[] {
    return [...this.#others].sort();
  }
}
