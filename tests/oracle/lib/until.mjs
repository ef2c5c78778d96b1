/** Waits for conditions instead of sleeping for a fixed time. */

const kPause = 20;

export const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

/**
 * Calls `condition` until it returns something truthy and returns that.
 * Throws after `timeout` ms, naming `what` and the last error of the condition, if it threw; an error
 * whose `isFinal` is true is thrown on at once.
 */
export async function until(what, condition, timeout = 30_000) {
  const deadline = Date.now() + timeout;
  let lastError;
  for (;;) {
    try {
      const value = await condition();
      if (value) return value;
      lastError = undefined;
    } catch (error) {
      if (error.isFinal) throw error;
      lastError = error;
    }
    if (Date.now() > deadline) {
      throw new Error(`waited ${timeout} ms in vain for: ${what}` +
        (lastError ? ` (${lastError.message})` : ''));
    }
    await pause(kPause);
  }
}
