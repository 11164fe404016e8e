/** Has a case worked on at an instant, by whatever process is there then. Nothing runs in between. */
export interface WakeUps {
  /** At `at` (epoch milliseconds), or earlier: whoever is woken too early asks to be woken again. More than once does no harm. */
  wake(caseId: string, at: number): Promise<void>;
  close(): Promise<void>;
}
