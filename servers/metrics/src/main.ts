import { serveMain } from "@oncall-copilot/core/server";
import { buildServer, configSchema, DECLARED } from "./server.ts";

void serveMain({ ...DECLARED, config: configSchema, build: buildServer });
