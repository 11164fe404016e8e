import type { ServerDefinition } from "../define-server.ts";
import { examineServer } from "./examine.ts";
import type { Finding } from "./finding.ts";

/** How long after the start it begins, in milliseconds: a client has its tools by then. */
const AFTER_MS = 150;
/** Most notices that one answer carries, and most characters of each. */
const MOST = 4;
const MAX_CHARS = 400;

/** What a mounted server tells its user of its own set-up, once, in the first answer that comes after it is known. */
export interface Notices {
  /** What has not been told yet; the next call gets nothing of it. */
  take(): readonly string[];
}

export interface StartupCheck extends Notices {
  /** Ends a check-up that still runs. */
  stop(): void;
}

/**
 * Runs a server's check-up once, in the background, a moment after its start. Nothing that costs money is woken for it. What is
 * wrong or more privileged than it needs to be is told in the first answer; what is right is not.
 */
export function startupCheck(definition: ServerDefinition): StartupCheck {
  const stopped = new AbortController();
  let untold: readonly string[] = [];
  const begin = async () => {
    const options = { signal: stopped.signal, service: undefined, mayWake: false };
    const findings = await examineServer(definition, options);
    if (!stopped.signal.aborted) untold = findings.filter(isTold).map(inWords);
  };
  const timer = setTimeout(() => void begin(), AFTER_MS).unref();
  return {
    take: () => {
      const [told, left] = [untold.slice(0, MOST), untold.length - MOST];
      untold = [];
      return left > 0 ? [...told, `and ${left} more: run ${definition.name} --doctor`] : told;
    },
    stop: () => {
      clearTimeout(timer);
      stopped.abort(new Error("the server stops"));
    },
  };
}

const isTold = ({ status }: Finding): boolean => status === "failure" || status === "warning";

function inWords({ backend, check, status, message, cure }: Finding): string {
  const text = `${backend}, ${check} (${status}): ${message}${cure ? `; ${cure}` : ""}`;
  return text.length <= MAX_CHARS ? text : `${text.slice(0, MAX_CHARS)}…`;
}
