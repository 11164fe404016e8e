import { appendFileSync } from "node:fs";
import path from "node:path";

/** What Kubernetes would say about pods that come and go, as log lines of a logger of its own. */
export interface PlatformLog {
  event(service: string, pod: string | undefined, message: string, level?: "info" | "warn", logger?: string): void;
}

export function createPlatformLog(directory: string): PlatformLog {
  const file = path.join(directory, "platform.log");
  return {
    event(service, pod, message, level = "info", logger = "kubernetes.events") {
      const line = {
        "@timestamp": new Date().toISOString(),
        "service.name": service,
        "log.level": level,
        message,
        "log.logger": logger,
        ...(pod === undefined ? {} : { "k8s.pod.name": pod }),
      };
      appendFileSync(file, `${JSON.stringify(line)}\n`);
    },
  };
}
