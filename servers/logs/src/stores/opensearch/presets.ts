/** Where a log line's parts stand in its document. Names are dotted paths. */
export interface LogFields {
  /** The name of the service that wrote it. */
  readonly service: string;
  readonly time: string;
  readonly level: string;
  readonly message: string;
  /** Orders the lines of one instant, such as their place in a file. Lines without it keep the order of the index. */
  readonly sequence: string;
  /**
   * What wrote it: of each group the first field that the document has. Lines of one stack trace come out of one stream.
   */
  readonly stream: readonly (readonly string[])[];
}

const kubernetes = (prefix: string): LogFields["stream"] => [
  [`${prefix}k8s.pod.name`, `${prefix}host.name`],
  [`${prefix}k8s.container.name`],
];

/** What shippers write. */
const PRESETS = {
  /** Elastic Common Schema: Beats, Fluent Bit and Logstash when told to. */
  ecs: {
    service: "service.name",
    time: "@timestamp",
    level: "log.level",
    message: "message",
    sequence: "event.sequence",
    stream: [
      ["k8s.pod.name", "kubernetes.pod.name", "host.name"],
      ["k8s.container.name", "kubernetes.container.name"],
    ],
  },
  /** OpenTelemetry in the Simple Schema for Observability: what the Collector's opensearch exporter writes by default. */
  otel: {
    service: "resource.service.name",
    time: "@timestamp",
    level: "severity.text",
    message: "body",
    sequence: "event.sequence",
    stream: kubernetes("resource."),
  },
  /** OpenTelemetry as Data Prepper's `logs-otel-v1` index template has it. */
  "otel-v1": {
    service: "resource.attributes.service.name",
    time: "@timestamp",
    level: "severity.text",
    message: "body",
    sequence: "event.sequence",
    stream: kubernetes("resource.attributes."),
  },
} as const satisfies Readonly<Record<string, LogFields>>;

export type PresetName = keyof typeof PRESETS;
export const PRESET_NAMES = Object.keys(PRESETS) as [PresetName, ...PresetName[]];

/** A preset's fields, with those of the team's own in place of some. */
export function fieldsOf(
  preset: PresetName,
  own: { readonly [K in keyof LogFields]?: LogFields[K] | undefined },
): LogFields {
  const given = Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined));
  return { ...PRESETS[preset], ...given };
}
