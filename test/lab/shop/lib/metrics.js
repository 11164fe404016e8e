/** Counters, gauges and histograms in Prometheus' text format. */

const BUCKETS = [
  0.002, 0.005, 0.01, 0.02, 0.035, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 1.5, 2, 3, 4, 6, 8, 10,
];

const families = [];

export function counter(name) {
  const values = new Map();
  families.push(() => sampleLines(name, "counter", values));
  return {
    add: (labels = "", by = 1) => values.set(labels, (values.get(labels) ?? 0) + by),
  };
}

export function gauge(name, read) {
  families.push(() => `# TYPE ${name} gauge\n${name} ${read()}\n`);
}

export function histogram(name) {
  const counts = new Array(BUCKETS.length + 1).fill(0);
  let sum = 0;
  families.push(() => {
    let total = 0;
    let out = `# TYPE ${name} histogram\n`;
    for (const [index, bound] of BUCKETS.entries()) {
      total += counts[index];
      out += `${name}_bucket{le="${bound}"} ${total}\n`;
    }
    total += counts[BUCKETS.length];
    return `${out}${name}_bucket{le="+Inf"} ${total}\n${name}_sum ${sum}\n${name}_count ${total}\n`;
  });
  return {
    observe: (seconds) => {
      sum += seconds;
      const index = BUCKETS.findIndex((bound) => seconds <= bound);
      counts[index === -1 ? BUCKETS.length : index] += 1;
    },
  };
}

export function renderMetrics() {
  return families.map((render) => render()).join("");
}

function sampleLines(name, type, values) {
  let out = `# TYPE ${name} ${type}\n`;
  for (const [labels, value] of values) out += `${name}${labels === "" ? "" : `{${labels}}`} ${value}\n`;
  return out;
}

gauge("process_resident_memory_bytes", () => process.memoryUsage().rss);
gauge("process_cpu_seconds_total", () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
});
