import { type Preset, quantile, requests } from "./preset.ts";

const HANDLED = "grpc_server_handled_total";
/** What the server is at fault for; a caller's mistake or a thing that is not there is none of it. */
const FAILED = "Unknown|DeadlineExceeded|Unimplemented|Internal|Unavailable|DataLoss|ResourceExhausted";
const UNDERSTOOD = "[A-Z][A-Za-z]+";

/** gRPC by go-grpc-middleware and its like. https://github.com/grpc-ecosystem/go-grpc-middleware/tree/main/providers/prometheus */
export const grpc: Preset = {
  label: "job",
  counter: HANDLED,
  signals: {
    requests_per_second: requests(HANDLED),
    error_ratio: `sum by($by)(rate(${HANDLED}{$service,grpc_code=~'${FAILED}'}[$rate]) or 0*rate(${HANDLED}{$service,grpc_code=~'${UNDERSTOOD}'}[$rate]))/${requests(HANDLED)}`,
    latency_p50_seconds: quantile(0.5, "grpc_server_handling_seconds"),
    latency_p99_seconds: quantile(0.99, "grpc_server_handling_seconds"),
  },
};
