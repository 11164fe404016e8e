export interface Series {
  readonly service: string;
  readonly samples: readonly (readonly [seconds: number, value: number])[];
}

/** Asks Prometheus' HTTP API for one expression over a stretch of time. */
export async function queryRange(
  prometheusUrl: string,
  expression: string,
  from: Date,
  to: Date,
  stepSeconds: number,
): Promise<Series[]> {
  const url = new URL("/api/v1/query_range", prometheusUrl);
  url.searchParams.set("query", expression);
  url.searchParams.set("start", String(from.getTime() / 1000));
  url.searchParams.set("end", String(to.getTime() / 1000));
  url.searchParams.set("step", String(stepSeconds));
  const response = await fetch(url);
  const answer: Answer = JSON.parse(await response.text());
  if (answer.status !== "success") throw new Error(`Prometheus refused ${expression}: ${answer.error}`);
  return answer.data.result.map(({ metric, values }) => ({
    service: metric["service"] ?? "",
    samples: values.map(([at, value]) => [at, Number(value)] as const),
  }));
}

interface Answer {
  readonly status: string;
  readonly error?: string;
  readonly data: {
    readonly result: readonly {
      readonly metric: Readonly<Record<string, string>>;
      readonly values: readonly (readonly [number, string])[];
    }[];
  };
}
