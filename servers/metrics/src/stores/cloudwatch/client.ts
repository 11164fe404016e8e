import type * as Sdk from "@aws-sdk/client-cloudwatch";
import { briefly, CouldNotLook } from "@oncall-copilot/core";
import {
  awsTransport,
  type BackendNames,
  type CredentialSource,
  couldNotLookIn,
  type Exchanged,
  type HttpClient,
  refusalOf,
} from "@oncall-copilot/core/backend";

export interface ClientParts {
  /** `CloudWatch at https://monitoring.eu-west-1.amazonaws.com`, and what a person would set. */
  readonly names: BackendNames;
  readonly region: string;
  readonly endpoint: URL;
  readonly http: HttpClient;
  readonly credentials: CredentialSource;
}

/** AWS' own client over our transport. It is loaded at its first question. */
export interface CloudWatch {
  metricData(input: Sdk.GetMetricDataInput, abort: AbortSignal): Promise<Sdk.GetMetricDataOutput>;
  alarmHistory(input: Sdk.DescribeAlarmHistoryInput, abort: AbortSignal): Promise<Sdk.DescribeAlarmHistoryOutput>;
  alarms(input: Sdk.DescribeAlarmsInput, abort: AbortSignal): Promise<Sdk.DescribeAlarmsOutput>;
  /** This machine's clock less CloudWatch's at the last answer, in milliseconds. */
  skewMs(): number | undefined;
}

export function cloudWatchClient(parts: ClientParts): CloudWatch {
  const { names, region, endpoint, http, credentials } = parts;
  let skew: number | undefined;
  const heard = (answer: Exchanged) => {
    if (answer.status > 299) throw refusalOf(answer, names, Date.now());
    if (/^\s*</.test(answer.text.slice(0, 64))) throw noJson(names, "a web page");
    const told = Date.parse(answer.headers["date"] ?? "");
    if (!Number.isNaN(told)) skew = Date.now() - told;
  };
  const load = async () => {
    const sdk = await import("@aws-sdk/client-cloudwatch");
    const client = new sdk.CloudWatchClient({
      ...{ region, endpoint: endpoint.href, maxAttempts: 1, requestHandler: awsTransport(() => http, heard) },
      credentials: () => credentials.get(),
    });
    return { sdk, client };
  };
  let loading: ReturnType<typeof load> | undefined;
  const asking = async <T>(ask: (loaded: Awaited<ReturnType<typeof load>>) => Promise<T>, abort: AbortSignal) => {
    abort.throwIfAborted();
    loading ??= load();
    const loaded = await loading;
    try {
      return await ask(loaded);
    } catch (error) {
      abort.throwIfAborted();
      throw couldNotLookIn(error) ?? unread(error, names);
    }
  };
  return {
    metricData: (input, abort) =>
      asking(({ sdk, client }) => client.send(new sdk.GetMetricDataCommand(input), { abortSignal: abort }), abort),
    alarmHistory: (input, abort) =>
      asking(
        ({ sdk, client }) => client.send(new sdk.DescribeAlarmHistoryCommand(input), { abortSignal: abort }),
        abort,
      ),
    alarms: (input, abort) =>
      asking(({ sdk, client }) => client.send(new sdk.DescribeAlarmsCommand(input), { abortSignal: abort }), abort),
    skewMs: () => skew,
  };
}

/** CloudWatch answered, and its client made nothing of it. */
function unread(error: unknown, names: BackendNames): CouldNotLook {
  if (error instanceof SyntaxError) return noJson(names, "no JSON", error);
  const why = error instanceof Error ? briefly(error.message.replace(/\s+/g, " "), 160) : "unknown reason";
  return anotherShape(names, why);
}

function noJson({ name, variables }: BackendNames, what: string, cause?: unknown): CouldNotLook {
  const cure = `check that ${variables.url} is the API itself and no login page in front of it`;
  return new CouldNotLook("bad_response", `${name} answered with ${what}`, { cure, cause });
}

export function anotherShape({ name, variables }: BackendNames, what: string): CouldNotLook {
  const cure = `check that ${variables.url} is CloudWatch's API`;
  return new CouldNotLook("bad_response", `${name} answered in another shape than CloudWatch: ${what}`, {
    cure,
  });
}
