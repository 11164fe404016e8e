import { CouldNotLook } from "@oncall-copilot/core";
import { GitError } from "@oncall-copilot/core/backend";
import type { AnyTool } from "@oncall-copilot/core/server";

/** A tool for which git's own failures, such as a damaged repository, are something that could not be looked at. */
export function tellGitFailures(tool: AnyTool): AnyTool {
  return {
    ...tool,
    run: async (input, context) => {
      try {
        return await tool.run(input, context);
      } catch (error) {
        if (!(error instanceof GitError)) throw error;
        throw new CouldNotLook("bad_response", "git could not read the repository; the server's log says why", {
          cause: error,
        });
      }
    },
  };
}
