/* Polls live.json while the page is visible: as often as the document says, and with exponential backoff and jitter after
   failures. */

/** The version of live.json that these scripts can read. */
const VERSION = 1;
const REQUEST_TIMEOUT = 10_000;
const MAX_WAIT = 60_000;
/** The age of the last document, in milliseconds, from which the page says that it is out of date. */
const OLD = 30_000;
/** How long after a form a document that includes its effects can be requested, in milliseconds. */
const SOON = 1_000;

/**
 * Polls `url`. `fresh` is called with each document; `stale` with the time of the last one while requests fail, else with
 * null. Returns a function that polls sooner than the document says.
 */
export function watch(url, { fresh, stale }) {
  let timer = null;
  let polling = false;
  let sooner = false;
  let failures = 0;
  let last = new Date();

  async function poll() {
    clearTimeout(timer);
    if (polling || document.hidden) return;
    polling = true;
    let wait = 5_000;
    try {
      const response = await fetch(url, { signal: AbortSignal.timeout(REQUEST_TIMEOUT), credentials: 'omit' });
      if (!response.ok) throw new Error(`status ${response.status}`);
      const document_ = await response.json();
      // A newer server may use another format. Then the page keeps what it shows until it is loaded again.
      if (document_.version === VERSION) fresh(document_);
      failures = 0;
      last = new Date();
      wait = Math.min(Math.max(Number(document_.next_poll_ms) || wait, 1_000), MAX_WAIT);
    } catch {
      failures += 1;
      wait = Math.min(2_000 * 2 ** Math.min(failures, 5), MAX_WAIT) * (0.75 + Math.random() / 2);
    }
    polling = false;
    reportAge();
    timer = setTimeout(poll, sooner ? SOON : wait);
    sooner = false;
  }

  function reportAge() {
    stale(failures > 0 && Date.now() - last > OLD ? last : null);
  }

  document.addEventListener('visibilitychange', poll);
  addEventListener('online', poll);
  // Between two requests too, since the backoff makes them rare.
  setInterval(reportAge, 1_000);
  poll();
  return () => {
    sooner = polling;
    if (polling) return;
    clearTimeout(timer);
    timer = setTimeout(poll, SOON);
  };
}
