import { ConfigError } from "../../errors.ts";
import { BadRequest } from "../../outcome.ts";
import { redactDeep } from "../../redact/redact.ts";
import type { ServerDefinition } from "../define-server.ts";
import type { ExamineOptions, Finding } from "./finding.ts";

/** How long a whole check-up of one server may take, in milliseconds. */
export const EXAMINE_MS = 45_000;

type Wish = Omit<ExamineOptions, "signal"> & { readonly signal?: AbortSignal; readonly ms?: number };

/**
 * A server's check-up of its own backends, within a deadline and redacted. It never throws: a wrong configuration, a service that
 * the catalog does not know and a check-up that fails are findings themselves.
 */
export async function examineServer(definition: ServerDefinition, wish: Wish): Promise<readonly Finding[]> {
  return [...(definition.configured ?? []), ...(await examineBackends(definition, wish))];
}

async function examineBackends(definition: ServerDefinition, wish: Wish): Promise<readonly Finding[]> {
  const { service, mayWake, ms = EXAMINE_MS } = wish;
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(new Error(`no end within ${ms / 1000} s`)), ms);
  const signal = wish.signal ? AbortSignal.any([wish.signal, late.signal]) : late.signal;
  try {
    definition.check?.();
    if (!definition.examine) return [unknown(definition, "this server has no check-up of its backend")];
    const stopped = new Promise<never>((_, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    });
    stopped.catch(() => {}); // the race below may already be over
    const findings = await Promise.race([definition.examine({ signal, service, mayWake }), stopped]);
    // Silence would read as all being well.
    if (findings.length === 0) return [unknown(definition, "this server found nothing to look at")];
    return (await redactDeep(findings)).value;
  } catch (error) {
    const { value: message } = await redactDeep(error instanceof Error ? error.message : String(error));
    if (error instanceof ConfigError) return [wrong(definition.name, message)];
    if (error instanceof BadRequest) return [wrong(definition.name, message, error.tryNext[0])];
    return [unknown(definition, `the check-up did not come to an end: ${message}`)];
  } finally {
    clearTimeout(timer);
  }
}

/** The finding that a wrong configuration is. */
export const wrong = (name: string, message: string, cure?: string): Finding => ({
  ...{ backend: name, check: "configured", status: "failure", message },
  ...(cure === undefined ? {} : { cure }),
});

const unknown = ({ name }: ServerDefinition, message: string): Finding => ({
  backend: name,
  check: "configured",
  status: "unknown",
  message,
});
