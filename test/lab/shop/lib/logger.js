/** One JSON object a line on stdout, flat keys. */

const service = process.env.SERVICE_NAME ?? "unknown";
const pod = process.env.POD_NAME ?? "local";

/** Stack traces name files under the image's root, wherever the process was started. */
const root = process.cwd();

export function createLogger(logger) {
  const write = (level, message, fields = {}) => {
    const line = {
      "@timestamp": new Date().toISOString(),
      "service.name": service,
      "log.level": level,
      message: message.replaceAll(`file://${root}`, "/app").replaceAll(root, "/app"),
      "log.logger": logger,
      "k8s.pod.name": pod,
      ...fields,
    };
    process.stdout.write(`${JSON.stringify(line)}\n`);
  };
  return {
    info: (message, trace) => write("info", message, traceFields(trace)),
    warn: (message, trace) => write("warn", message, traceFields(trace)),
    error: (message, trace) => write("error", message, traceFields(trace)),
    failure: (message, error, trace) =>
      write("error", `${message}: ${error.stack ?? error.message}${causes(error)}`, traceFields(trace)),
  };
}

function causes(error) {
  return error.cause instanceof Error ? `\nCaused by: ${error.cause.stack ?? error.cause.message}` : "";
}

function traceFields(trace) {
  return trace === undefined ? {} : { "trace.id": trace };
}
