/* Times and lengths of time as people read them. */

/** 59 → 0:59, 3600 → 1:00:00 */
export function clock(seconds) {
  const two = part => String(part).padStart(2, '0');
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** The time of day in the visitor's time zone: 9:30 PM. */
export const timeOfDay = at => at.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });

/** A moment in the visitor's time zone, with the day unless it is today. */
export function moment(at) {
  if (at.toDateString() === new Date().toDateString()) return timeOfDay(at);
  return at.toLocaleString([], { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' });
}
