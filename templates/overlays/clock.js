/* The server's clock: the computer that shows an overlay may have a wrong one. */

import { clock } from '../js/times.js';
import { grouped, say } from '../js/words.js';

/** The maximum age of an event that is celebrated, in milliseconds. */
export const RECENT = 60_000;
/** The maximum age of an event from before the page was loaded, in milliseconds. */
export const JUST_NOW = 5_000;

const offsets = [];
let offset = 0;
export const now = () => Date.now() + offset;

/** A cached document may be old, but never comes from the future. So the largest of the last offsets is the best. */
export function learnTime(at, response) {
  const date = Date.parse(response.headers.get('date') ?? '') + 1000 * (Number(response.headers.get('age')) || 0);
  const latest = Math.max(...[at, date].filter(Number.isFinite));
  if (!Number.isFinite(latest)) return;
  offsets.push(latest - Date.now());
  if (offsets.length > 20) offsets.shift();
  offset = Math.max(...offsets);
}

/** The time that is left until `ends`, in words; nothing when it is over, or further away than a day. */
export function timeLeft(ends) {
  if (ends === null) return '';
  const seconds = Math.ceil((ends - now()) / 1000);
  return seconds > 0 && seconds < 86_400 ? say('time-left', { time: clock(seconds) }) : '';
}

/** Seconds of watching in words. */
export function watched(seconds) {
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  if (hours === 0) return say('watched-minutes', { minutes });
  const values = { hours: grouped(hours), minutes };
  return minutes === 0 ? say('watched-hours', values) : say('watched-hours-minutes', values);
}
