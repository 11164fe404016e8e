/** Runs a job over and over, never twice at once, starting at a random moment so that pods do not run in step. */
export function every(seconds, job) {
  if (seconds <= 0) return;
  const loop = async () => {
    try {
      await job();
    } finally {
      setTimeout(loop, seconds * 1000);
    }
  };
  setTimeout(loop, Math.random() * seconds * 1000);
}

export function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
