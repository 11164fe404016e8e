/** Whoever looks at cases in this process, or has another one look. */
export interface CaseWorker {
  /** From this instant on, in epoch milliseconds. It keeps nothing: what is due is kept with the cases. */
  wake(caseId: string, at: number): Promise<void>;
  /** Finishes what it holds, or hands it back for another process to go on with. */
  stop(): Promise<void>;
}
