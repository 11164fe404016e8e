import { declaredBy, serveMain } from "@oncall-copilot/core/server";
import packageJson from "../package.json" with { type: "json" };
import { configSchema } from "./config.ts";
import { buildServer } from "./server.ts";

void serveMain({ ...declaredBy(packageJson), config: configSchema, build: buildServer });
