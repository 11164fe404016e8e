import type { Scenario } from "../scenario.ts";
import { badDeploymentOwnConflict } from "./bad-deployment-own-conflict.ts";
import { badDeploymentSlowLeak } from "./bad-deployment-slow-leak.ts";
import { badDeploymentThreeHops } from "./bad-deployment-three-hops.ts";
import { badDeploymentTwoAtOnce } from "./bad-deployment-two-at-once.ts";
import { brokenExporter } from "./broken-exporter.ts";
import { configDriftByHand } from "./config-drift-by-hand.ts";
import { configDriftSharedFile } from "./config-drift-shared-file.ts";
import { databaseFailover } from "./database-failover.ts";
import { expiredSecretDatabase } from "./expired-secret-database.ts";
import { expiredSecretRotated } from "./expired-secret-rotated.ts";
import { flappingThreshold } from "./flapping-threshold.ts";
import { healthyPeak } from "./healthy-peak.ts";
import { missingIamBatch } from "./missing-iam-batch.ts";
import { missingIamNewPath } from "./missing-iam-new-path.ts";
import { thirdPartyDown } from "./third-party-down.ts";
import { undersizedCpuLimit } from "./undersized-cpu-limit.ts";
import { undersizedHpaMax } from "./undersized-hpa-max.ts";

/** By family; `all` makes them in this order. */
export const SCENARIOS: readonly Scenario[] = [
  badDeploymentThreeHops,
  badDeploymentOwnConflict,
  badDeploymentTwoAtOnce,
  badDeploymentSlowLeak,
  configDriftSharedFile,
  configDriftByHand,
  undersizedHpaMax,
  undersizedCpuLimit,
  expiredSecretDatabase,
  expiredSecretRotated,
  missingIamNewPath,
  missingIamBatch,
  thirdPartyDown,
  databaseFailover,
  healthyPeak,
  flappingThreshold,
  brokenExporter,
];
