/**
 * What Kubernetes says when an autoscaler may not add what it wants: the condition `ScalingLimited` of a HorizontalPodAutoscaler, with
 * reason `TooManyReplicas`, as the events and the status word it.
 */
const AT_MOST = [
  /\bTooManyReplicas\b/,
  /\bdesired replica count is (?:more|greater) than the maximum replica count\b/i,
  /\bmax(?:imum)? replicas? (?:count )?(?:was |is |has been )?reached\b/i,
] as const;

export const isAtMostReplicas = (text: string): boolean => AT_MOST.some((sign) => sign.test(text));
