import { serveMain } from "@oncall-copilot/core/server";
import { configSchema } from "./config.ts";
import { buildServer, DECLARED } from "./server.ts";

void serveMain({ ...DECLARED, config: configSchema, build: buildServer });
