import { expect, it } from "vitest";
import { discoverServers } from "../../agent-host/src/tools/discover.ts";
import { environmentFor } from "../../agent-host/src/tools/environment.ts";

const CREDENTIAL = {
  AWS_ACCESS_KEY_ID: "AKIDEXAMPLE",
  AWS_SECRET_ACCESS_KEY: "an example of a secret",
  AWS_SESSION_TOKEN: "an example of a token",
  AWS_PROFILE: "oncall",
  AWS_REGION: "eu-west-1",
  AWS_ROLE_ARN: "arn:aws:iam::123456789012:role/oncall",
  AWS_WEB_IDENTITY_TOKEN_FILE: "/var/run/secrets/eks.amazonaws.com/serviceaccount/token",
  AWS_CONTAINER_CREDENTIALS_FULL_URI: "http://169.254.170.23/v1/credentials",
  AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: "/var/run/secrets/pods.eks.amazonaws.com/token",
  AWS_CA_BUNDLE: "/etc/ssl/ca.pem",
};
/** The model's own key, which is no server's. */
const MODEL = { AWS_BEARER_TOKEN_BEDROCK: "an example of a key" };

const seenBy = (name: string) => {
  const server = discoverServers().find((one) => one.server === name);
  if (!server) throw new Error(`there is no server ${name}`);
  const env = environmentFor(server, { ...CREDENTIAL, ...MODEL });
  return Object.fromEntries(Object.entries(env).filter(([variable]) => variable.startsWith("AWS_")));
};

it.each(["logs", "metrics"])("the %s server is handed the credential for AWS, and not the model's key", (name) => {
  expect(seenBy(name)).toEqual(CREDENTIAL);
});

it.each(["git", "history", "runbooks"])("the %s server, which asks AWS nothing, is handed none of it", (name) => {
  expect(seenBy(name)).toEqual({});
});
