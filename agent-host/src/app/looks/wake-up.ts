/**
 * The port "wake me at T": between two looks nothing runs. An implementation may be a timer, a due time in a case store, or a
 * delayed message; whoever is woken may be another process.
 */
export interface WakeUp {
  /** Has the incident looked at again at `at` (epoch milliseconds), or as soon after as can be. A later call replaces an earlier one. */
  wakeAt(incident: string, at: number): Promise<void>;
}
