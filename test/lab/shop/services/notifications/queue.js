import { gauge } from "../../lib/metrics.js";

/** A bounded outbox worked off by a few workers. */
export function createQueue({ workers, limit, work }) {
  const jobs = [];
  let busy = 0;
  gauge("queue_depth", () => jobs.length);

  const next = async () => {
    if (busy >= workers) return;
    const job = jobs.shift();
    if (job === undefined) return;
    busy += 1;
    try {
      await work(job);
    } finally {
      busy -= 1;
      next();
    }
  };

  return {
    push(job) {
      if (jobs.length >= limit) return false;
      jobs.push(job);
      next();
      return true;
    },
  };
}
