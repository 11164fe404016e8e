import type { Plugin } from "esbuild";

export function serversByName(names: readonly string[]): Plugin;
