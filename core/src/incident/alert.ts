import { AlertError } from "../errors.ts";
import type { Incident } from "./incident.ts";
import { leadOf } from "./lead.ts";
import { readPayload } from "./read-payload.ts";

/**
 * One Incident out of any payload that is understood: the worst of its firing alerts, the others folded in.
 *
 * @throws AlertError that says what is wrong with it, or that it is none.
 */
export function incidentFromPayload(payload: unknown): Incident {
  const { incidents, ignored } = readPayload(payload);
  if (incidents.length === 0 && ignored.length > 0)
    throw new AlertError(`there is no alert in the payload: ${ignored.join("; ")}`);
  return leadOf(incidents);
}
