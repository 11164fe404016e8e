import type { Failure } from "../world/failures.ts";
import type { Level } from "../world/logbook.ts";
import type { Job, Voice } from "../world/world.ts";

type Fields = Readonly<Record<string, string | number>>;

function write(job: Job, level: Level, logger: string, message: string, more: Fields = {}): void {
  const { world, workload, pod, trace } = job;
  world.log.write({
    at: world.clock.now,
    service: workload.name,
    level,
    message,
    logger,
    trace: trace.id,
    pod: pod.name,
    more,
  });
}

/** A line that is kept with its trace alone. */
export function told(job: Job, level: Level, logger: string, message: string, more: Fields = {}): void {
  if (job.trace.kept) write(job, level, logger, message, more);
}

export { write };

const thread = (job: Job): string => `http-nio-8080-exec-${(Number.parseInt(job.trace.id.slice(0, 4), 16) % 40) + 1}`;

const PACKAGES: Readonly<Record<string, string>> = {
  reservations: "reservations",
  sailings: "sailings",
  "vessel-manifest": "manifest",
};

/** What Spring says of a client's failure, by how it failed. */
const springException = ({ status, reason }: Failure): string => {
  if (status === 504) return "org.springframework.web.client.ResourceAccessException";
  if (/HikariPool/.test(reason)) return "org.springframework.jdbc.CannotGetJdbcConnectionException";
  if (status === 401) return "org.springframework.web.client.HttpClientErrorException$Unauthorized";
  return "org.springframework.web.client.HttpServerErrorException";
};

/** Spring Boot with logback: ECS fields, an exception with its frames in the message. */
export const java: Voice = {
  late: (callee, timeoutMs) =>
    `I/O error on POST request for "http://${callee}:8080": Read timed out after ${timeoutMs} ms`,
  refused: (callee) => `I/O error on POST request for "http://${callee}:8080": Connection refused`,
  answered: (callee, status) => `${status} on POST request for "http://${callee}:8080": [no body]`,
  retry: (job, callee, attempt, why) =>
    write(job, "warn", "example.skerry.kit.Retrying", `attempt ${attempt} at ${callee} failed, trying again: ${why}`),
  access: (job, status, ms) =>
    told(job, "info", "org.apache.catalina.valves.AccessLogValve", `"${job.route}" ${status} ${Math.round(ms)} ms`, {
      "process.thread.name": thread(job),
    }),
  failed: (job, failure) => {
    if (failure.status < 500) return;
    const { name } = job.workload;
    const pack = `example.skerry.${PACKAGES[name] ?? name}`;
    const callee = failure.callee ?? "";
    const kind = callee.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
    const frames =
      failure.callee === undefined
        ? []
        : [
            `\tat ${pack}.${kind}Client.call(${kind}Client.java:31)`,
            `\tat ${pack}.${name === "sailings" ? "SearchController.search(SearchController.java:27)" : "BookingService.book(BookingService.java:41)"}`,
          ];
    const trace = failure.reason.includes("\n\tat ")
      ? failure.reason
      : [`${springException(failure)}: ${failure.reason}`, ...frames].join("\n");
    write(
      job,
      "error",
      "o.a.c.c.C.[.[.[/].[dispatcherServlet]",
      `Servlet.service() for servlet [dispatcherServlet] threw exception\n${trace}`,
      {
        "process.thread.name": thread(job),
      },
    );
  },
};

/** uvicorn's access line, and structlog's key-value renderer. */
export const python: Voice = {
  late: (callee, timeoutMs) => `ReadTimeout: http://${callee}:8080 after ${timeoutMs / 1000} s`,
  refused: (callee) => `ConnectError: http://${callee}:8080: [Errno 111] Connection refused`,
  answered: (callee, status) => `Server error '${status}' for url 'http://${callee}:8080'`,
  retry: (job, callee, attempt, why) =>
    write(
      job,
      "warn",
      "skerry_http",
      `upstream_retry                 attempt=${attempt} failure=${JSON.stringify(why)} upstream=${callee}`,
    ),
  access: (job, status) => {
    const port = 30_000 + (Number.parseInt(job.trace.id.slice(0, 4), 16) % 20_000);
    const words: Readonly<Record<number, string>> = { 200: "OK", 401: "Unauthorized", 404: "Not Found" };
    told(
      job,
      "info",
      "uvicorn.access",
      `10.24.${port % 7}.${port % 250}:${port} - "${job.route} HTTP/1.1" ${status} ${words[status] ?? "Internal Server Error"}`,
    );
  },
  failed: (job, failure) => {
    if (failure.status < 500) return;
    const { name } = job.workload;
    const file = `/app/${name.replace("-", "_")}/app.py`;
    const text = failure.reason.startsWith("Traceback")
      ? failure.reason
      : `Traceback (most recent call last):\n  File "${file}", line 20, in ${name === "fare-engine" ? "quote" : "handle"}\nskerry_http.client.UpstreamError: ${failure.reason}`;
    write(job, "error", "uvicorn.error", `Exception in ASGI application\n${text}`);
  },
};

/** log/slog's text handler. */
export const go: Voice = {
  late: (callee, timeoutMs) =>
    `Post "https://${callee}": context deadline exceeded (Client.Timeout exceeded while awaiting headers) after ${timeoutMs}ms`,
  refused: (callee) => `dial tcp: lookup ${callee}: connect: connection refused`,
  answered: (callee, status) => `${callee} answered ${status}`,
  retry: (job, callee, attempt, why) =>
    write(
      job,
      "warn",
      "slog",
      `msg="provider call failed" upstream=${callee} attempt=${attempt} err=${JSON.stringify(why)}`,
    ),
  access: (job, status, ms) =>
    told(
      job,
      "info",
      "slog",
      `msg=request route=${JSON.stringify(job.route)} status=${status} duration=${ms.toFixed(1)}ms`,
    ),
  failed: (job, failure) => {
    if (failure.status < 500) return;
    write(
      job,
      "error",
      "slog",
      `msg="request failed" route=${JSON.stringify(job.route)} err=${JSON.stringify(failure.reason)}`,
    );
  },
};

/** Envoy's default access log, with its response flags. */
export const envoy: Voice = {
  late: () => "UT",
  refused: () => "UF,URX",
  answered: () => "-",
  retry: () => {},
  access: (job, status, ms) => {
    const flags = String(job.about["flags"] ?? "-");
    const level = status >= 500 ? "warn" : "info";
    const cluster = String(job.about["cluster"] ?? job.route.split("/")[2] ?? "-");
    const message = `"${job.route} HTTP/2" ${status} ${flags} ${Math.round(ms)} ${Math.max(0, Math.round(ms) - 1)} "${cluster}" "${job.trace.id.slice(0, 8)}"`;
    if (status >= 500) write(job, level, "envoy.access", message);
    else told(job, level, "envoy.access", message);
  },
  failed: () => {},
};
