/* Polls live.json while the page is visible: as often as the document says, and with exponential backoff and jitter after
   failures. */

/** The version of live.json that the scripts can read. */
export const VERSION = 1;
const REQUEST_TIMEOUT = 10_000;
const MIN_WAIT = 1_000;
/** The pause after a document that asks for none, in milliseconds. */
const DEFAULT_WAIT = 5_000;
/** How long after a change a document that includes it can be requested, in milliseconds. */
const SOON = 1_000;

/** Requests `url` and returns what `read` makes of the response; throws when there is none in time, or an error status. */
export async function request(url, read, how = {}) {
  // Browser sources of older OBS do not have AbortSignal.timeout.
  const abort = new AbortController();
  const limit = setTimeout(() => abort.abort(), REQUEST_TIMEOUT);
  try {
    const response = await fetch(url, { ...how, signal: abort.signal });
    if (!response.ok) throw new Error(`status ${response.status}`);
    return await read(response);
  } finally {
    clearTimeout(limit);
  }
}

/**
 * Polls `url`. `fresh` is called with each document and its response; when it throws, that is a failure like any other.
 * `asked` is called after each request with the number of failures since the last success. The pause after the first failure
 * is `firstRetry`, and no pause is longer than `maxWait`, both in milliseconds. `how` goes to `fetch`.
 * Returns a function that polls sooner than the document says.
 */
export function poll(url, { fresh, asked = () => {}, firstRetry = 1_000, maxWait = 30_000, how = {} }) {
  let timer = null;
  let polling = false;
  let sooner = false;
  let failures = 0;

  async function next() {
    clearTimeout(timer);
    if (polling || document.hidden) return;
    polling = true;
    let wait;
    try {
      const [data, response] = await request(url, async response => [await response.json(), response], how);
      fresh(data, response);
      failures = 0;
      wait = Math.min(maxWait, Math.max(MIN_WAIT, Number(data.next_poll_ms) || DEFAULT_WAIT));
    } catch {
      failures += 1;
      wait = Math.min(maxWait, firstRetry * 2 ** Math.min(failures - 1, 5));
    }
    polling = false;
    asked(failures);
    // Jitter, so that not all pages poll a server at once when it is back.
    const jitter = failures > 0 ? 0.6 + 0.4 * Math.random() : 0.9 + 0.2 * Math.random();
    if (!document.hidden) timer = setTimeout(next, sooner ? SOON : wait * jitter);
    sooner = false;
  }

  document.addEventListener('visibilitychange', () => (document.hidden ? clearTimeout(timer) : next()));
  addEventListener('online', next);
  next();
  return () => {
    sooner = polling;
    if (polling) return;
    clearTimeout(timer);
    timer = setTimeout(next, SOON);
  };
}
