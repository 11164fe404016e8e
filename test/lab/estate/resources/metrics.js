const BUCKETS = [
  0.002, 0.005, 0.01, 0.02, 0.035, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 1.5, 2, 3, 4, 6, 8, 10,
];

/** What an exporter beside the resource would tell, under the names that the services use. */
export function createMetrics() {
  const counts = new Array(BUCKETS.length + 1).fill(0);
  const requests = new Map([[200, 0]]);
  const gauges = new Map();
  let sum = 0;
  /** Above 1 when the exporter takes milliseconds for seconds. */
  let unit = 1;
  return {
    countIn: (factor) => {
      unit = factor;
    },
    gauge: (name, read) => gauges.set(name, read),
    observe(status, took) {
      const seconds = took * unit;
      requests.set(status, (requests.get(status) ?? 0) + 1);
      sum += seconds;
      const index = BUCKETS.findIndex((bound) => seconds <= bound);
      counts[index === -1 ? BUCKETS.length : index] += 1;
    },
    render() {
      const cpu = process.cpuUsage();
      let out = `process_cpu_seconds_total ${(cpu.user + cpu.system) / 1e6}\n`;
      out += `process_resident_memory_bytes ${process.memoryUsage().rss}\n`;
      for (const [name, read] of gauges) out += `${name} ${read()}\n`;
      for (const [status, count] of requests) out += `http_requests_total{code="${status}"} ${count}\n`;
      let total = 0;
      for (const [index, bound] of BUCKETS.entries()) {
        total += counts[index];
        out += `http_request_duration_seconds_bucket{le="${bound}"} ${total}\n`;
      }
      total += counts[BUCKETS.length];
      out += `http_request_duration_seconds_bucket{le="+Inf"} ${total}\n`;
      return `${out}http_request_duration_seconds_sum ${sum}\nhttp_request_duration_seconds_count ${total}\n`;
    },
  };
}
