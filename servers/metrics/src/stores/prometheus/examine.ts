import type { HttpClient } from "@oncall-copilot/core/backend";
import type { ExamineOptions, Finding } from "@oncall-copilot/core/server";
import { z } from "zod";
import type { MetricsStore } from "../../store.ts";
import { examineStore, type Found } from "../examine.ts";
import type { PrometheusParts } from "../prometheus.ts";
import { queryRange } from "./query-range.ts";

/** What Prometheus can do beyond reading, by the flag that lets it, and a path of it that only POST and PUT can use. */
const BEYOND = [
  { flag: "web.enable-admin-api", path: "/api/v1/admin/tsdb/delete_series", what: "delete series" },
  { flag: "web.enable-lifecycle", path: "/-/quit", what: "reload and end it" },
  { flag: "web.enable-remote-write-receiver", path: "/api/v1/write", what: "write samples" },
  { flag: "web.enable-otlp-receiver", path: "/api/v1/otlp/v1/metrics", what: "write samples by OTLP" },
] as const;

const Flags = z.object({ status: z.literal("success"), data: z.record(z.string(), z.string()) });
const CURE = "let this credential reach /api/v1/query_range alone, as the server's README shows";

export interface PrometheusExamined {
  readonly parts: PrometheusParts;
  /** Requests are signed for Amazon Managed Prometheus, whose rights are IAM's. */
  readonly isSigned: boolean;
}

/** The check-up of Prometheus. It asks with GET what only POST would do: that says who would be let through, and does nothing. */
export function examinePrometheus(
  store: MetricsStore,
  { parts, isSigned }: PrometheusExamined,
  options: ExamineOptions,
): Promise<readonly Finding[]> {
  const { name, http, catalog, now, scrapeSeconds } = parts;
  return examineStore(
    {
      ...{ store, catalog, now, candidates: () => catalog.names },
      noDataCure: "check ONCALL_METRICS_PRESETS and ONCALL_METRICS_SERVICE_LABELS against the labels that it has",
      reach: async (signal) => {
        const at = Math.floor(now() / 1000);
        await queryRange(
          http,
          name,
          "vector(1)",
          { start: at, end: at, step: scrapeSeconds, rate: scrapeSeconds },
          signal,
        );
        return [];
      },
      privilege: (signal) => (isSigned ? Promise.resolve(BY_IAM) : privilege(http, signal)),
    },
    options,
  );
}

const BY_IAM: Found = {
  ...{ check: "privilege", status: "unknown" },
  message: "Amazon Managed Prometheus cannot be asked what else this credential may do",
  cure: "allow it aps:QueryMetrics on this one workspace, as the server's README shows",
};

async function privilege(http: HttpClient, signal: AbortSignal): Promise<Found> {
  const status = async (path: string) => (await http.send({ path, abort: signal })).status;
  const told = await http.send({ path: "/api/v1/status/flags", abort: signal });
  const flags = told.status === 200 ? Flags.safeParse(jsonOrNothing(told.text)).data?.data : undefined;
  if (flags) {
    const on = BEYOND.filter(({ flag }) => flags[flag] === "true");
    const reached = await Promise.all(on.map(async (one) => ((await status(one.path)) === 405 ? [one.what] : [])));
    const could = reached.flat();
    if (could.length > 0) {
      return {
        check: "privilege",
        status: "warning",
        message: `this credential could also ${could.join(", ")}`,
        cure: CURE,
      };
    }
    const message = on.length > 0 ? "what it can do beyond reading is not let through" : "it can do nothing but answer";
    return { check: "privilege", status: "ok", message: `${message} (by its own flags)` };
  }
  const looked = await Promise.all(BEYOND.map(async (one) => ({ ...one, status: await status(one.path) })));
  const open = looked.filter((one) => one.status !== 401 && one.status !== 403);
  if (open.length === 0) {
    return { check: "privilege", status: "ok", message: "nothing that writes is let through" };
  }
  const admin = looked.find(({ path }) => path === BEYOND[0].path)?.status;
  if (admin === 405) {
    const message = "its admin API is let through; whether it is switched on could not be told";
    return { check: "privilege", status: "warning", message, cure: CURE };
  }
  // A proxy that guards the admin API alone may still let samples be written.
  if (admin === 401 || admin === 403) {
    const message = `its flags are hidden (${told.status}), and not refused to this credential: ${open.map(({ what }) => what).join(", ")}`;
    return { check: "privilege", status: "unknown", message, cure: CURE };
  }
  const message = `no Prometheus of the plain kind, or a proxy in between (${told.status}): it does not say what this credential may do`;
  return { check: "privilege", status: "unknown", message, cure: "compare it with the roles in the server's README" };
}

function jsonOrNothing(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
