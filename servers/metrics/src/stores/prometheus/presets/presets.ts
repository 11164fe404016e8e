import { grpc } from "./grpc.ts";
import { ingressNginx } from "./ingress-nginx.ts";
import { istio } from "./istio.ts";
import { kubernetes } from "./kubernetes.ts";
import { micrometer } from "./micrometer.ts";
import { otel } from "./otel.ts";
import { otelNative } from "./otel-native.ts";
import type { Preset } from "./preset.ts";
import { prometheusClient } from "./prometheus-client.ts";

/** The presets by the names that the configuration gives them. */
export const PRESETS = {
  otel,
  "otel-native": otelNative,
  "prometheus-client": prometheusClient,
  micrometer,
  grpc,
  istio,
  "ingress-nginx": ingressNginx,
  kubernetes,
} as const satisfies Record<string, Preset>;

export type PresetName = keyof typeof PRESETS;
export const PRESET_NAMES = Object.keys(PRESETS) as readonly PresetName[];
/** What is asked where the configuration names none. */
export const USUAL_PRESETS: readonly PresetName[] = ["otel", "prometheus-client", "kubernetes"];
