/** Reading and checking recordings. */

export { checkRecording, type RecordingProblem } from "./check.ts";
export { readLines } from "./read.ts";
export {
  AS_OF_AFTER_ALERT_MS,
  openRecording,
  RECORDING_NEEDS,
  RECORDING_PARTS,
  type Recording,
  type RecordingPart,
} from "./recording.ts";
