import type { Scenario } from "../scenario.ts";
import { memberWithoutTier, newPrefix, queryPerPassenger, renamedField, sharedLibrary, slowLeak } from "./code.ts";
import { misroutedGateway, rightSized, shortenedDeadline, wrongAudience } from "./deadlines-and-routes.ts";
import {
  expiredKey,
  missingSecret,
  newsletter,
  nodeUnderPressure,
  providerFails,
  scaledByHand,
  slowDatabase,
  summerSale,
} from "./outside.ts";

export const SCENARIOS: readonly Scenario[] = [
  shortenedDeadline,
  misroutedGateway,
  wrongAudience,
  rightSized,
  slowLeak,
  sharedLibrary,
  queryPerPassenger,
  memberWithoutTier,
  renamedField,
  newPrefix,
  providerFails,
  expiredKey,
  nodeUnderPressure,
  scaledByHand,
  missingSecret,
  summerSale,
  newsletter,
  slowDatabase,
];
