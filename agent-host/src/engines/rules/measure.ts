import { type MetricSuspect, MetricsAnswer } from "../../tools/answers.ts";
import type { Inquiry } from "./inquiry.ts";

/** All signals of one service or resource by itself, which the answer about many has no room for. */
export async function measure(inquiry: Inquiry, name: string): Promise<MetricSuspect | undefined> {
  const answer = await inquiry.ask(MetricsAnswer, "read_metrics", { service: name, hops: 0, ...inquiry.window });
  return answer?.suspects.find(({ service }) => service === name);
}
