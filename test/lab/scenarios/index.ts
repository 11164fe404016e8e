import type { Scenario } from "../scenario.ts";
import { badDeploymentThreeHops } from "./bad-deployment-three-hops.ts";
import { healthyPeak } from "./healthy-peak.ts";

export const SCENARIOS: readonly Scenario[] = [badDeploymentThreeHops, healthyPeak];
