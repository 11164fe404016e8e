import { ConfigError } from "@oncall-copilot/core";
import { StoreUnavailable } from "../case-store.ts";

/** What the worker's role must hold, on this one table. */
const ACTIONS = "dynamodb:GetItem, dynamodb:PutItem, dynamodb:DeleteItem and dynamodb:Query";

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : "");

export const isConditionFailed = (error: unknown): boolean => nameOf(error) === "ConditionalCheckFailedException";

/** DynamoDB's refusals with what to do; what passes by itself is worth another delivery. */
export function explainDynamo(error: unknown, table: string): Error {
  const message = error instanceof Error ? error.message : String(error);
  switch (nameOf(error)) {
    case "ResourceNotFoundException":
      return new ConfigError(
        `DynamoDB has no table ${table} in this region and account: its key is partition (hash, string) and sort (range, string)`,
      );
    case "AccessDeniedException":
    case "UnrecognizedClientException":
    case "InvalidSignatureException":
      return new ConfigError(`DynamoDB refuses table ${table} (${message}); the role needs ${ACTIONS} on it`);
    case "CredentialsProviderError":
      return new ConfigError(`no AWS credential for DynamoDB table ${table}: ${message}`);
    case "ValidationException":
      return new ConfigError(
        `DynamoDB table ${table} is not made as it must be (${message}): its key is partition (hash, string) and sort (range, string)`,
      );
    default:
      return new StoreUnavailable(
        `DynamoDB table ${table} could not be asked (${nameOf(error) || message}); ask again`,
      );
  }
}
