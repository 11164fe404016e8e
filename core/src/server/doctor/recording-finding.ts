import type { RecordingPart } from "../../recording/recording.ts";
import { type Estate, recordingOf } from "../config/estate.ts";
import type { ExamineOptions, Finding } from "./finding.ts";

/**
 * What there is to say of a backend that is a folder: whether the part that the server answers from is there. Throws BadRequest
 * for a service that the catalog does not know.
 */
export function recordingFinding(
  estate: Estate,
  part: RecordingPart,
  { service }: Pick<ExamineOptions, "service">,
): Finding {
  if (service !== undefined) estate.catalog.get(service);
  const recording = recordingOf(estate);
  const backend = `recording ${recording.name}`;
  const asOf = new Date(recording.asOf).toISOString();
  const several = part === "repository" && recording.path("repositories") !== undefined;
  if (several || recording.path(part) !== undefined) {
    return { backend, check: "configured", status: "ok", message: `answers from its ${part}, as of ${asOf}` };
  }
  const message = `has no ${part}: every triage will name this as a gap`;
  return { backend, check: "configured", status: "warning", message };
}
