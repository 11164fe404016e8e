import { MS, perSecond, plain } from "../formula.ts";
import { byArn, byName, type Kind } from "./kind.ts";

/** A data stream. https://docs.aws.amazon.com/streams/latest/dev/monitoring-with-cloudwatch.html */
export const kinesis: Kind = {
  namespace: "AWS/Kinesis",
  takes: "the stream's name",
  named: byName("StreamName"),
  arn: byArn("kinesis", /^stream\/([\w.-]+)$/, "StreamName"),
  signals: () => ({
    messages_received_per_second: perSecond("IncomingRecords"),
    messages_read_per_second: perSecond("GetRecords.Records"),
    received_bytes_per_second: perSecond("IncomingBytes"),
    iterator_age_seconds: plain("Maximum", "GetRecords.IteratorAgeMilliseconds", MS),
    throttled_writes_per_second: perSecond("WriteProvisionedThroughputExceeded"),
    throttled_reads_per_second: perSecond("ReadProvisionedThroughputExceeded"),
    read_success_ratio: plain("Average", "GetRecords.Success"),
  }),
};
