/** What can befall a resource, by name: how an answer is changed while it lasts. */
export function createCondition(log, metrics) {
  let now;
  let since = 0;

  return {
    begin(mode) {
      now = mode;
      since = Date.now();
      if (mode === "failover") beginFailover(log);
      if (mode === "exporter") {
        log("info", "exporter 0.16.0 listening, 412 metrics in 3 collectors", "exporter");
        metrics.countIn(1000);
      }
    },
    /** The answer as it comes out under the present condition. */
    apply(answer) {
      const seconds = (Date.now() - since) / 1000;
      if (now === "down") return down(answer);
      if (now === "failover") return failingOver(answer, seconds);
      return answer;
    },
  };
}

/** Most calls are turned away, the others hang. */
function down(answer) {
  const dice = Math.random();
  if (dice < 0.65)
    return { status: 503, ms: 15 + Math.random() * 40, body: { error: "service temporarily unavailable" } };
  if (dice < 0.95) return { ...answer, status: 504, ms: 6000, body: { error: "gateway timeout" } };
  return answer;
}

const PROMOTION_SECONDS = 42;

function failingOver(answer, seconds) {
  if (seconds < 6)
    return { status: 503, ms: 2, body: { error: "terminating connection due to administrator command" } };
  if (seconds < PROMOTION_SECONDS) return { status: 503, ms: 2, body: { error: "the database system is starting up" } };
  // Nothing of what is asked for is in the new primary's memory at first.
  return { ...answer, ms: answer.ms * (1 + 14 * Math.exp(-(seconds - PROMOTION_SECONDS) / 100)) };
}

function beginFailover(log) {
  const later = (seconds, level, message) => setTimeout(() => log(level, message), seconds * 1000);
  log("warn", "terminating walreceiver process due to administrator command");
  later(1, "error", "FATAL: terminating connection due to administrator command");
  later(7, "info", "received promote request");
  later(8, "info", "redo done at 4C/91E22A10");
  later(PROMOTION_SECONDS - 20, "info", "selected new timeline ID: 9");
  later(PROMOTION_SECONDS, "info", "database system is ready to accept connections");
  later(PROMOTION_SECONDS + 30, "info", "checkpoint complete: wrote 16211 buffers, sync=1.204 s");
}
