import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { MODULE } from "./hcl.ts";

const run = promisify(execFile);

export interface Made {
  readonly address: string;
  readonly type: string;
  readonly values: Readonly<Record<string, unknown>>;
}

export interface Applied {
  readonly resources: readonly Made[];
  readonly outputs: Readonly<Record<string, { readonly value: unknown }>>;
}

interface StateModule {
  readonly resources?: readonly { address: string; type: string; values: Made["values"] }[];
  readonly child_modules?: readonly StateModule[];
}

const resourcesOf = ({ resources = [], child_modules: inner = [] }: StateModule): readonly Made[] => [
  ...resources,
  ...inner.flatMap(resourcesOf),
];

export interface TerraformTools {
  readonly terraform: string;
  /** The built provider that makes nothing. */
  readonly provider: string;
}

/** Terraform in a folder of its own, with a copy of the module and the provider that makes nothing. */
export async function openTerraform({ terraform, provider }: TerraformTools) {
  const folder = await mkdtemp(join(tmpdir(), "oncall-terraform-"));
  const module = join(folder, "deploy/terraform");
  await cp(MODULE, module, { recursive: true });
  const dist = join(folder, "deploy/lambda/dist");
  await mkdir(dist, { recursive: true });
  for (const name of ["alert", "triage", "slack"]) await writeFile(join(dist, `${name}.zip`), name);
  const config = join(folder, "terraformrc");
  const overrides = `dev_overrides {\n    "hashicorp/aws" = "${dirname(provider)}"\n  }\n  direct {}`;
  await writeFile(config, `provider_installation {\n  ${overrides}\n}\n`);
  const example = join(module, "examples/complete");
  const env = {
    ...process.env,
    TF_CLI_CONFIG_FILE: config,
    STUB_SCHEMA: join(import.meta.dirname, "provider-schema.json"),
    CHECKPOINT_DISABLE: "1",
    TF_IN_AUTOMATION: "1",
  };
  const call = async (args: readonly string[], cwd = example) => {
    const { stdout } = await run(terraform, [...args, "-no-color"], { cwd, env, maxBuffer: 1 << 26 });
    return stdout;
  };
  return {
    example,
    format: () => call(["fmt", "-check", "-recursive", "-diff"], module),
    validate: async () => {
      await call(["get"]);
      return JSON.parse(await call(["validate", "-json"])) as { valid: boolean; diagnostics: { detail: string }[] };
    },
    apply: async (): Promise<Applied> => {
      await call(["get"]);
      await call(["apply", "-auto-approve", "-input=false"]);
      const shown = JSON.parse(await call(["show", "-json"])) as {
        values: { root_module: StateModule; outputs?: Applied["outputs"] };
      };
      return { resources: resourcesOf(shown.values.root_module), outputs: shown.values.outputs ?? {} };
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
