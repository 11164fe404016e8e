/** GraphQL at the pretended GitHub: requests are checked and answered by graphql-js against GitHub's own schema. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { buildSchema, GraphQLError, graphql } from "graphql";
import { nodeIdOf, pullJson } from "../shown.ts";
import { type Caller, type DoublePull, grantsOf, loginOf, type World } from "../world.ts";

const schema = buildSchema(readFileSync(join(import.meta.dirname, "github.graphql"), "utf8"));

const refused = (type: string, message: string) => new GraphQLError(message, { extensions: { type } });

/** What the author of a pull request may do with a token of their own; of an App GitHub wants the right to push besides. */
function markReady(world: World, caller: Caller, id: string): DoublePull {
  const pull = world.pulls.find((one) => nodeIdOf(one) === id);
  if (!pull) throw refused("NOT_FOUND", `Could not resolve to a node with the global id of '${id}'`);
  const grants = grantsOf(caller, pull.base);
  const enough = caller.kind === "installation" ? grants?.["contents"] === "write" : true;
  const pulls = grants?.["pull_requests"] === "write" || (caller.kind === "token" && caller.holder.kind === "classic");
  if (!enough || !pulls || pull.author !== loginOf(caller)) {
    const what = caller.kind === "token" ? "personal access token" : "integration";
    throw refused("FORBIDDEN", `Resource not accessible by ${what}`);
  }
  if (pull.state === "closed") throw refused("UNPROCESSABLE", "Pull request is closed");
  pull.draft = false;
  return pull;
}

const shown = (pull: DoublePull) => {
  const { head } = pullJson(pull) as { head: { sha: string } };
  const { number, draft: isDraft, state, headRef: headRefName } = pull;
  return { id: nodeIdOf(pull), number, isDraft, headRefOid: head.sha, headRefName, state: state.toUpperCase() };
};

/** The body of an answer. GitHub puts an error's type beside its message. */
export async function answerGraphql(world: World, caller: Caller, body: string): Promise<object> {
  const { query, variables } = JSON.parse(body) as { query: string; variables: Record<string, unknown> };
  const rootValue = {
    markPullRequestReadyForReview: ({ input }: { input: { pullRequestId: string; clientMutationId?: string } }) => ({
      clientMutationId: input.clientMutationId ?? null,
      pullRequest: shown(markReady(world, caller, input.pullRequestId)),
    }),
  };
  const { data, errors } = await graphql({ schema, source: query, rootValue, variableValues: variables });
  if (!errors) return { data };
  const told = errors.map(({ message, path, extensions }) => ({
    ...{ message, path },
    ...(extensions["type"] === undefined ? {} : { type: extensions["type"] }),
  }));
  return { ...(data === undefined ? {} : { data }), errors: told };
}
