/** What people write down when there was no cause. */
const NO_FAULT =
  /^(?:none\b|no (?:fault|cause|issue|problem|incident)\b|nothing\b|not an? (?:incident|issue|fault)\b|false (?:alarm|positive)\b|flapp|noise\b)/i;
const REVERT = /\b(?:revert|roll(?:ed)?[ -]?back)/i;

/** Whether a root cause, as people wrote it, says that nothing was wrong. */
export const saysNoFault = (rootCause: string): boolean => NO_FAULT.test(rootCause);

/** Whether a fix, as people wrote it, took a change back. */
export const saysRevert = (fix: string): boolean => REVERT.test(fix);
