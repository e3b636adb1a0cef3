/* Sounds, synthesized. Where the browser does not allow them, there are none. */

/** The maximum delay of a sound, in milliseconds: one that comes long after its event would only confuse. */
const MAX_DELAY = 1_500;
/** A running context uses the processor even when idle, so that it is suspended after this time, in milliseconds. */
const IDLE = 6_000;

let audio = null;
let rest = 0;

/**
 * Plays tones, each as [start, frequency, length], in seconds and hertz; 0.3 s where there is no length. `peak` is the volume,
 * from 0 to 1.
 */
export async function play(tones, { peak, shape = 'triangle' }) {
  try {
    audio ??= new AudioContext();
    const asked = Date.now();
    if (audio.state !== 'running') await audio.resume();
    if (audio.state !== 'running' || Date.now() - asked > MAX_DELAY) return;
    const begin = audio.currentTime + 0.02;
    for (const [at, frequency, length = 0.3] of tones) {
      const [tone, level] = [audio.createOscillator(), audio.createGain()];
      tone.type = shape;
      tone.frequency.value = frequency;
      level.gain.setValueAtTime(0.0001, begin + at);
      level.gain.exponentialRampToValueAtTime(Math.max(0.0002, peak), begin + at + 0.015);
      level.gain.exponentialRampToValueAtTime(0.0001, begin + at + length);
      tone.connect(level).connect(audio.destination);
      tone.start(begin + at);
      tone.stop(begin + at + length + 0.05);
    }
    clearTimeout(rest);
    rest = setTimeout(() => audio.suspend().catch(() => {}), IDLE);
  } catch {
    // No sound device, or not allowed.
  }
}
