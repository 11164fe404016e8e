import { serveMain, VERSION } from "@oncall-copilot/core/server";
import { buildServer, configSchema } from "./server.ts";

void serveMain({ name: "oncall-metrics", version: VERSION, config: configSchema, build: buildServer });
