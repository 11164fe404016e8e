import { serveMain, VERSION } from "@oncall-copilot/core/server";
import { configSchema } from "./config.ts";
import { buildServer } from "./server.ts";

void serveMain({ name: "oncall-runbooks", version: VERSION, config: configSchema, build: buildServer });
