/** What a file is for, by where it lies and how it is called. */
export type FileKind = "code" | "configuration" | "build" | "tests" | "docs";

const TESTS =
  /(?:^|\/)(?:tests?|specs?|__tests__|__mocks__|__snapshots__|testdata|fixtures|e2e)\/|(?:[._-](?:test|spec)s?|Tests?|Spec|_test)\.\w+$|(?:^|\/)(?:test_\w+|conftest)\.py$/;
const DOCS =
  /\.(?:md|mdx|markdown|rst|adoc|asciidoc)$|(?:^|\/)(?:docs?|documentation)\/|(?:^|\/)(?:readme|changelog|license|licence|notice|authors|contributing|codeowners|maintainers)(?:\.\w+)?$/i;
const BUILD =
  /(?:^|\/)(?:package(?:-lock)?\.json|tsconfig[\w.-]*\.json|composer\.(?:json|lock)|pom\.xml|Cargo\.(?:toml|lock)|pyproject\.toml|poetry\.lock|requirements[\w.-]*\.txt|Pipfile(?:\.lock)?|go\.(?:mod|sum|work)|yarn\.lock|pnpm-lock\.yaml|Gemfile(?:\.lock)?|build\.gradle(?:\.kts)?|Makefile|Dockerfile[\w.-]*|\.dockerignore|\.gitignore|\.golangci\.ya?ml|\.eslintrc[\w.]*|\.prettierrc[\w.]*|\.editorconfig|biome\.jsonc?)$|(?:^|\/)\.(?:github|gitlab|circleci|buildkite)\/|(?:^|\/)\.gitlab-ci\.yml$/i;
const CONFIGURATION = /\.(?:ya?ml|json|toml|ini|properties|conf|cfg|env|tfvars|tf|hcl|xml)$|(?:^|\/)\.env(?:\.|$)/i;

export function kindOfFile(path: string): FileKind {
  if (TESTS.test(path)) return "tests";
  if (BUILD.test(path)) return "build";
  if (DOCS.test(path)) return "docs";
  return CONFIGURATION.test(path) ? "configuration" : "code";
}
