import type { Recording, RecordingPart } from "../recording/recording.ts";
import type { Finding } from "./finding.ts";

/** What there is to say of a backend that is a folder: whether the part that the server answers from is there. */
export function recordingFinding(recording: Recording, part: RecordingPart): Finding {
  const backend = `recording ${recording.name}`;
  const asOf = new Date(recording.asOf).toISOString();
  if (recording.path(part) !== undefined) {
    return { backend, check: "configured", status: "ok", message: `answers from its ${part}, as of ${asOf}` };
  }
  const message = `has no ${part}: every triage will name this as a gap`;
  return { backend, check: "configured", status: "warning", message };
}
