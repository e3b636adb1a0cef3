/* Asking for what everybody sees: while the page is looked at, as often as the document says, and less often in trouble. */

/** The shape of live.json that these scripts know. */
const VERSION = 1;
const REQUEST_LIMIT = 10_000;
const LONGEST_WAIT = 60_000;
/** So long after the last news the page says that it is old. */
const OLD = 30_000;
/** So long after something was done here it can be seen in the document. */
const SOON = 1_000;

/**
 * Asks at `address`; `fresh` gets each document, `stale` the time of the last one while there is no news, or null.
 * Gives what asks sooner than the document says.
 */
export function watch(address, { fresh, stale }) {
  let timer = null;
  let asking = false;
  let sooner = false;
  let failures = 0;
  let last = new Date();

  async function ask() {
    clearTimeout(timer);
    if (asking || document.hidden) return;
    asking = true;
    let wait = 5_000;
    try {
      const answer = await fetch(address, { signal: AbortSignal.timeout(REQUEST_LIMIT), credentials: 'omit' });
      if (!answer.ok) throw new Error(`status ${answer.status}`);
      const news = await answer.json();
      // A newer server speaks of more; this page goes on with what it shows until it is loaded again.
      if (news.version === VERSION) fresh(news);
      failures = 0;
      last = new Date();
      wait = Math.min(Math.max(Number(news.next_poll_ms) || wait, 1_000), LONGEST_WAIT);
    } catch {
      failures += 1;
      wait = Math.min(2_000 * 2 ** Math.min(failures, 5), LONGEST_WAIT) * (0.75 + Math.random() / 2);
    }
    asking = false;
    tellAge();
    timer = setTimeout(ask, sooner ? SOON : wait);
    sooner = false;
  }

  function tellAge() {
    stale(failures > 0 && Date.now() - last > OLD ? last : null);
  }

  document.addEventListener('visibilitychange', ask);
  addEventListener('online', ask);
  // Between two requests too: they become rare in trouble.
  setInterval(tellAge, 1_000);
  ask();
  return () => {
    sooner = asking;
    if (asking) return;
    clearTimeout(timer);
    timer = setTimeout(ask, SOON);
  };
}
