// Runs main.cjs with V8's code cache when it fits this Node; V8 checks that itself and compiles afresh when it does not.
"use strict";
const { readFileSync } = require("node:fs");
const { createRequire } = require("node:module");
const { dirname, join } = require("node:path");
const vm = require("node:vm");

/** `place` is where the bundle will lie when it runs: its name is part of the cache, and of stack traces. */
function load(dist, place = dist) {
  const filename = join(dist, "main.cjs");
  const source = `(function (exports, require, module, __filename, __dirname) {${readFileSync(filename, "utf8")}\n})`;
  let cachedData;
  try {
    cachedData = readFileSync(join(dist, "main.cache"));
  } catch {
    // No cache is only slower.
  }
  const script = new vm.Script(source, {
    filename: join(place, "main.cjs"),
    cachedData,
  });
  const run = () => {
    const module = { exports: {} };
    script
      .runInThisContext()
      .call(module.exports, module.exports, createRequire(filename), module, filename, dirname(filename));
    return module.exports;
  };
  return { script, run };
}

module.exports = { load };
if (require.main !== module && !process.env.ONCALL_NO_LAUNCH) load(__dirname).run();
