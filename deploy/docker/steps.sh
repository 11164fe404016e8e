#!/bin/sh
# What the image is made of: deploy/docker/steps.sh SOURCE TARGET. The Dockerfile runs it, and so does a test where no image can be built.
set -eu
source=$1
target=$2
cd "$source"
# The build is ours to call, and nothing else of what packages bring runs.
npm ci --ignore-scripts --no-audit --no-fund
node scripts/build.mjs --quiet
npm prune --omit=dev --ignore-scripts --no-audit --no-fund
mkdir -p "$target"
cp -R node_modules "$target/node_modules"
for package in agent-host servers/*; do
  mkdir -p "$target/$package"
  cp -R "$package/bin" "$package/dist" "$package/package.json" "$target/$package/"
  # What npm could not put beside the others.
  if [ -d "$package/node_modules" ]; then cp -R "$package/node_modules" "$target/$package/node_modules"; fi
done
# Core is in the bundles.
rm -f "$target/node_modules/@oncall-copilot/core"
