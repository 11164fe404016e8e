import { gauge } from "./metrics.js";

/** Every connection is taken and none came back in time. */
export class PoolTimeoutError extends Error {
  constructor(message) {
    super(message);
    this.name = "PoolTimeoutError";
  }
}

/** A fixed number of connections; who finds none waits in line, but not for ever. */
export function createPool(name, { size, acquireTimeoutMs }) {
  const waiting = [];
  let inUse = 0;

  gauge("pool_connections_max", () => size);
  gauge("pool_connections_in_use", () => inUse);
  gauge("pool_acquires_waiting", () => waiting.length);

  const acquire = () => {
    if (inUse < size) {
      inUse += 1;
      return Promise.resolve();
    }
    // Made here, for its stack trace: later only the timer would be in it.
    const tooLate = new PoolTimeoutError("");
    return new Promise((resolve, reject) => {
      const waiter = { resolve };
      waiter.timer = setTimeout(() => {
        waiting.splice(waiting.indexOf(waiter), 1);
        const state = `size ${size}, in use ${inUse}, waiting ${waiting.length}`;
        tooLate.message = `no connection to ${name} free after ${acquireTimeoutMs} ms (${state})`;
        reject(tooLate);
      }, acquireTimeoutMs);
      waiting.push(waiter);
    });
  };

  const release = () => {
    const next = waiting.shift();
    if (next === undefined) {
      inUse -= 1;
      return;
    }
    clearTimeout(next.timer);
    next.resolve();
  };

  return {
    /** Runs `work` while holding one connection. */
    async use(work) {
      await acquire();
      try {
        return await work();
      } finally {
        release();
      }
    },
  };
}
