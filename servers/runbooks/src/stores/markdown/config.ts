import { webAddress } from "@oncall-copilot/core/backend";
import { z } from "zod";

const link = () =>
  webAddress()
    .transform((text) => text.replace(/\/+$/, ""))
    .optional();

/** The environment variables of a folder of Markdown files, and of a Git repository that holds one. */
export const markdownVariables = {
  ONCALL_RUNBOOKS_FOLDER: z.string().optional().describe("folder of Markdown files to answer from"),
  ONCALL_RUNBOOKS_GIT: z.string().optional().describe("Git repository on this machine to answer from"),
  ONCALL_RUNBOOKS_GIT_REF: z
    .string()
    .regex(/^(?!-)[\w./@{}^~+-]+$/, { error: "takes the name of a branch, tag or commit" })
    .default("HEAD")
    .describe("its branch, tag or commit; default HEAD"),
  ONCALL_RUNBOOKS_GIT_FOLDER: z
    .string()
    .transform((path) => path.replace(/^\/+|\/+$/g, ""))
    .refine((path) => !path.split("/").includes(".."), { error: "takes a path from the repository's top" })
    .default("")
    .describe("folder of it that has the pages; default: all of it"),
  ONCALL_RUNBOOKS_LINK: link().describe(
    "where people see that folder, such as https://github.com/org/repo/blob/main/runbooks; default: file addresses",
  ),
} as const;

const schema = z.object(markdownVariables);
export type MarkdownConfig = z.output<typeof schema>;
