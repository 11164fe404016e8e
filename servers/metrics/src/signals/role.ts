/**
 * What a signal says about a service, read off its name's words. Symptoms are what callers feel (errors, latency,
 * availability), load is what is asked of it, saturation how full it is. Whatever else a source has is `other`.
 */
export const ROLES = ["symptom", "load", "saturation", "other"] as const;
export type Role = (typeof ROLES)[number];

export interface Meaning {
  readonly role: Role;
  /** The direction that is bad news. `either` for load (too much, too little) and for what is not understood. */
  readonly bad: "up" | "down" | "either";
  /** Measured where it calls others: it speaks of them as much as of the service itself. */
  readonly ofCalls: boolean;
}

const ERRORS =
  /^(?:errors?|failures?|failed|faults?|exceptions?|5xx|4xx|timeouts?|timed|dropped|drops|rejected|rejections?|refused|blocked|aborted|retries|restarts?|crashes|oom|kills?|unavailable|unhealthy|deadlocks?)$/;
const GOOD = /^(?:availability|available|success|successes|successful|uptime|healthy|up|ready|apdex|hit|hits)$/;
const SLOW = /^(?:latency|latencies|duration|durations|elapsed|delay|rtt|ttfb|response)$/;
const FULL =
  /^(?:cpu|memory|mem|heap|rss|inflight|flight|queue|queued|backlog|lag|depth|pool|pending|waiting|connections?|threads?|goroutines?|fds?|disk|filesystem|saturation|utilization|utilisation|usage|throttled|throttling|throttles|load1|load5|gc|age|iowait|quota|used|inodes)$/;
/** What is left of a room: the less there is, the fuller it is. */
const ROOM = /^(?:free|freeable|remaining|left|headroom|avail|credits?|balance)$/;
/** What is available of these is room, and no availability. */
const HAS_ROOM = /^(?:bytes|disk|filesystem|memory|mem|inodes?|connections?|threads?|storage|quota)$/;
const LOAD =
  /^(?:requests?|rps|qps|throughput|traffic|invocations?|calls?|messages?|hits?|queries|transactions?|sessions?|network|receive|received|transmit|transmitted|sent|reads?|writes?|io|iops|rate)$/;

const OUTWARD = /^(?:client|upstream|outbound|egress|downstream|dependency|remote)$/;

/** Reads a signal's name. Errors come before all else: `requests_failed_per_second` counts errors, not load. */
export function meaningOf(signal: string): Meaning {
  const words = signal.toLowerCase().split(/[^a-z0-9]+/);
  const any = (pattern: RegExp) => words.some((word) => pattern.test(word));
  const ofCalls = any(OUTWARD);
  if (any(ERRORS)) return { role: "symptom", bad: "up", ofCalls };
  if (words.includes("available") && any(HAS_ROOM)) return { role: "saturation", bad: "down", ofCalls };
  if (any(GOOD)) return { role: "symptom", bad: "down", ofCalls };
  if (any(SLOW)) return { role: "symptom", bad: "up", ofCalls };
  if (any(ROOM)) return { role: "saturation", bad: "down", ofCalls };
  if (any(FULL)) return { role: "saturation", bad: "up", ofCalls };
  if (any(LOAD)) return { role: "load", bad: "either", ofCalls };
  return { role: "other", bad: "either", ofCalls };
}
