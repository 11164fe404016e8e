// Runs a bundle once, then stores what V8 compiled on the way: start-up code is in the cache, the rest is not.
//   node store-code-cache.cjs DIST PLACE [--version]    what the run is asked comes on stdin and from the environment
"use strict";
process.env.ONCALL_NO_LAUNCH = "1";
const { rmSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");

const [, , dist, place, ...flags] = process.argv;
rmSync(join(dist, "main.cache"), { force: true });
const { load } = require(join(dist, "launch.cjs"));
const { script, run } = load(dist, place);
process.argv = [process.argv[0], join(dist, "main.cjs"), ...flags];
process.on("exit", (code) => {
  if (code === 0) writeFileSync(join(dist, "main.cache"), script.createCachedData());
});
process.stdout.write = (_chunk, encoding, done) => {
  const written = typeof encoding === "function" ? encoding : done;
  if (typeof written === "function") written();
  return true;
};
run();
