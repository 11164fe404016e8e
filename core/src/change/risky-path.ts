/** What changing a file may do beyond changing what a service is or how it is set. */
export type PathRisk =
  /** A forge, a CI system, a build, a package manager, a hook or an agent acts upon it, or it says who must review. */
  | "runs_or_decides"
  /** Its kind is not among those that a service consists of. */
  | "not_a_service_file";

const words = (text: string): string[] => text.split(" ");

/** Folders whose content is acted upon by a forge, a CI system, git, an editor or an agent. Compared in lower case, at any depth. */
const FOLDERS: ReadonlySet<string> = new Set(
  words(
    ".github .gitlab .gitea .forgejo .git .githooks githooks .husky .lefthook .hooks .circleci .buildkite .azure-pipelines .teamcity .semaphore .tekton .woodpecker .ci ci .drone .harness .jenkins .concourse " +
      ".builds .dagger .earthly .gitops .mergify .devcontainer .vscode .idea .fleet .zed .run .claude .cursor .codex .gemini .copilot .windsurf .continue .aider .agents .agent .roo .kiro .junie .amazonq .goose .prompts " +
      ".changeset .renovate .dependabot .yarn .mvn .cargo .bundle .config .npm .pnpm node_modules .venv .direnv .nix .terraform .aws .ssh .gnupg .kube .docker .pulumi .vercel .netlify .storybook __pycache__ " +
      ".clinerules .trae .augment .openhands .opencode .devin .sourcery .snaplet .github-private .bazelci .evergreen .zuul.d zuul.d .kokoro .prow .travis .cirrus .depot .release-please .sops .well-known",
  ),
);

/** Files that are acted upon wherever they lie. */
const FILES: ReadonlySet<string> = new Set(
  words(
    // git, and who reviews or merges
    "codeowners owners owners_aliases maintainers approvers reviewers .gitattributes .gitmodules .gitconfig .gitignore .mailmap .gitreview bors.toml .bors.toml kodiak.toml .kodiak.toml .bulldozer.yml bulldozer.yml .policy.yml .mergify.yml " +
      ".mergify.yaml mergify.yml .mergequeue.yml .aviator.yml .trunk.yaml .pullapprove.yml .approve.yml .prow.yaml prow.yaml tide.yaml .sapling.toml graphite.json renovate.json renovate.json5 .renovaterc .renovaterc.json .renovaterc.json5 dependabot.yml dependabot.yaml " +
      ".whitesource .snyk .release-it.json release-please-config.json .versionrc .versionrc.json release.config.js semantic.yml .restyled.yaml .lgtm .lgtm.yml " +
      // CI and deployment by a vendor
      "jenkinsfile .pre-commit-config.yaml .pre-commit-hooks.yaml .overcommit.yml cloudbuild.json .zuul.yaml zuul.yaml .cirun.yml .sourcehut.yml .build.yml .buildbot .scrutinizer.yml .codeclimate.yml codecov.yml .codecov.yml .coveralls.yml sonar-project.properties " +
      "netlify.toml vercel.json now.json fly.toml render.yaml app.json procfile heroku.yml apprunner.yaml amplify.yml buildspec.yml appspec.yml appspec.yaml samconfig.toml serverless.yml serverless.yaml atlantis.yaml .atlantis.yaml " +
      "skaffold.yaml tiltfile garden.yml garden.yaml devspace.yaml okteto.yml okteto.yaml werf.yaml .goreleaser.yml .goreleaser.yaml goreleaser.yml ko.yaml .ko.yaml project.toml .infracost.yml .spacelift.yml .trivyignore .hadolint.yaml " +
      // builds, task runners, images
      "makefile gnumakefile justfile .justfile taskfile.yml taskfile.yaml rakefile earthfile dockerfile containerfile .dockerignore vagrantfile brewfile magefile.go build.rs dangerfile fastfile appfile podfile podfile.lock guardfile capfile thorfile snakefile sconstruct sconscript wscript " +
      "docker-compose.yml docker-compose.yaml compose.yml compose.yaml docker-bake.hcl docker-bake.json build workspace build.bazel workspace.bazel module.bazel .bazelrc .bazelversion .buckconfig buck pants.toml meson.build cmakelists.txt cmakepresets.json configure configure.ac " +
      "flake.nix flake.lock shell.nix default.nix .envrc .tool-versions mise.toml .mise.toml .rtx.toml devbox.json .nvmrc .node-version .python-version .ruby-version .java-version .sdkmanrc .terraform-version .terraform.lock.hcl .terraformrc .tflint.hcl nx.json turbo.json lerna.json rush.json gulpfile.js gruntfile.js " +
      // package managers
      "package.json package-lock.json npm-shrinkwrap.json yarn.lock pnpm-lock.yaml pnpm-workspace.yaml bun.lock bun.lockb bunfig.toml deno.json deno.jsonc deno.lock .npmrc .yarnrc .yarnrc.yml .pnpmfile.cjs pnpmfile.js jsr.json " +
      "setup.py setup.cfg pyproject.toml tox.ini noxfile.py conftest.py sitecustomize.py usercustomize.py pipfile pipfile.lock poetry.lock uv.lock uv.toml pdm.lock pip.conf .pypirc manifest.in fabfile.py dodo.py " +
      "pom.xml build.gradle build.gradle.kts settings.gradle settings.gradle.kts gradle.properties gradle.lockfile init.gradle gradlew gradlew.bat mvnw mvnw.cmd build.xml ivy.xml build.sbt cargo.toml cargo.lock rust-toolchain rust-toolchain.toml go.mod go.sum go.work go.work.sum " +
      "gemfile gemfile.lock .gemrc composer.json composer.lock mix.exs mix.lock rebar.config deps.edn project.clj shadow-cljs.edn package.swift package.resolved pubspec.yaml pubspec.lock nuget.config global.json packages.config paket.dependencies directory.build.props directory.build.targets directory.packages.props " +
      "stack.yaml cabal.project conanfile.py conanfile.txt vcpkg.json chart.lock helmfile.yaml helmfile.yml " +
      // agents' instructions and editors
      "agents.md agent.md claude.md claude.local.md gemini.md copilot-instructions.md .cursorrules .cursorignore .windsurfrules .clinerules .roorules .goosehints .aider.conf.yml .aiderignore .mcp.json mcp.json .replit replit.nix replit.md conventions.md skill.md llms.txt llms-full.txt .rules warp.md qwen.md crush.md " +
      "devcontainer.json .devcontainer.json .gitpod.yml .gitpod.dockerfile .editorconfig codemagic.yaml bitrise.yml .swiftlint.yml .bashrc .bash_profile .profile .zshrc .netrc crontab authorized_keys sudoers entrypoint docker-entrypoint",
  ),
);

/** Such files that are told by how their name begins or ends. */
const NAMES: readonly RegExp[] = [
  /^\.?gitlab-ci(?:\.|$)|\.gitlab-ci\.ya?ml$/,
  /^jenkinsfile(?:[.-]|$)|[.-]jenkinsfile$/,
  /^\.?lefthook(?:-local)?\./,
  /^\.?azure-pipelines?[\w.-]*\.ya?ml$/,
  /^\.?(?:travis|drone|appveyor|cirrus|woodpecker|wercker|codeship-steps|codeship-services|bitbucket-pipelines|cloudbuild|buildspec|buildkite|semaphore|shippable|codefresh|screwdriver|concourse|vela|harness)(?:[\w-]*)\.(?:ya?ml|star|jsonnet|toml|json)$/,
  /^(?:docker|container)file(?:[.-]|$)|\.(?:docker|container)file$/,
  /^(?:docker-)?compose[.-][\w.-]*ya?ml$/,
  /^(?:gnu)?makefile(?:[.-]|$)|\.mk$|\.make$/,
  /^(?:.*[.-])?requirements(?:[\w.-]*)\.(?:txt|in)$|^constraints[\w.-]*\.txt$/,
  /(?:^|[.-])(?:agents?|claude|gemini|copilot|cursor|windsurf)(?:[.-][\w-]+)?\.(?:md|mdc)$|\.(?:mdc|prompt|prompty)$|\.(?:prompt|instructions|chatmode|agent)\.md$/,
  /\.config\.(?:[cm]?[jt]sx?|json)$|^\.(?:babel|eslint|prettier|stylelint|postcss|swc|mocha|nyc|lintstaged|commitlint|husky|huskyrc)[\w-]*rc(?:\.\w+)?$/,
  /^(?:gulp|grunt|jake|cake|rollup|webpack|vite|jest|karma|metro|babel)file?[\w.-]*\.[cm]?[jt]s$/,
  /^pre-commit|^post-(?:merge|checkout|receive|commit|install)|^(?:pre|post)(?:install|build|deploy|start)\b/,
  /entrypoint(?:\.|$)/,
  /\.(?:gemspec|podspec|nuspec|cabal|opam|rockspec|csproj|fsproj|vbproj|vcxproj|sln|slnx|targets|props|pbxproj|bzl|bazel|nix|cmake|gradle|spec|tfplan|workflow|ebuild|pkgbuild)$/,
  /^git~\d/, // the 8.3 name of .git on Windows
];

/** What a service consists of: its code, its settings, its queries and its pages. Scripts of shells are not among them: they are run as they are. */
const SERVICE_KINDS: ReadonlySet<string> = new Set(
  words(
    "js mjs cjs jsx ts mts cts tsx vue svelte py pyi rb erb go rs java kt scala groovy clj cljs edn c cc cpp cxx h hh hpp cs fs vb swift m mm php pl pm ex exs eex heex erl hrl lua dart r jl hs elm ml mli nim zig cr d " +
      "sql psql cql proto thrift avsc graphql gql wsdl xsd html htm css scss sass less hbs mustache tmpl tpl gotmpl j2 jinja jinja2 liquid ftl " +
      "yaml yml json json5 jsonc toml ini cfg conf config properties env xml hcl tf tfvars cue jsonnet libsonnet dhall rego csv tsv txt md rst adoc po pot",
  ),
);

/** `.env`, and what it is called for one environment: `.env.production`, `prod.env`. */
const ENVIRONMENT = /^\.env(?:\.[a-z0-9_-]+)*$/;

/**
 * What a change of this path would do that no fix of a service may do, or undefined when it is a service's own code or configuration.
 * Paths are compared in one form (NFKC, lower case), since file systems and forges do not agree on case.
 */
export function riskOfPath(path: string): PathRisk | undefined {
  const parts = path.normalize("NFKC").toLowerCase().split("/");
  const name = parts.at(-1) ?? "";
  if (parts.some((part) => FOLDERS.has(part) || /^git~\d/.test(part))) return "runs_or_decides";
  if (FILES.has(name) || NAMES.some((pattern) => pattern.test(name))) return "runs_or_decides";
  if (ENVIRONMENT.test(name)) return undefined;
  const kind = /[^.]\.([a-z0-9]+)$/.exec(name)?.[1];
  return kind !== undefined && SERVICE_KINDS.has(kind) ? undefined : "not_a_service_file";
}
