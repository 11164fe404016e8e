import type { MetricSignal } from "../../tools/answers.ts";

/** A symptom this unusual is one that callers feel. */
const FELT = 0.5;

/** A symptom so far out of its usual range that callers feel it. */
export const isFelt = ({ role, change, score }: MetricSignal): boolean =>
  role === "symptom" && change !== "usual" && change !== "unmeasured" && score >= FELT;

/** A symptom that was measured and is as usual. */
export const isCalm = ({ role, change }: MetricSignal): boolean => role === "symptom" && change === "usual";

/** More is asked than usual. */
export const grows = ({ role, change }: MetricSignal): boolean => role === "load" && change === "up";
