/* Sounds and confetti. */

import { element } from '../js/dom.js';
import { play } from '../js/sound.js';
import { animate } from './draw.js';
import { options, still } from './options.js';

const MELODIES = {
  milestone: [[0, 523], [0.11, 659], [0.22, 784, 0.6]],
  goal: [[0, 523], [0.13, 659], [0.26, 784], [0.39, 1047, 1.1], [0.39, 784, 1.1], [0.39, 659, 1.1]],
  alert: [[0, 784], [0.1, 1175, 0.5]],
  alarm: [0, 0.9, 1.8, 2.7].flatMap(at => [[at, 880, 0.16], [at + 0.2, 880, 0.16], [at + 0.4, 1175, 0.3]]),
};

/** Plays the sound of an event, as loud as the options say. */
export function ring(event) {
  if (!options.sound || options.volume === 0) return;
  play(Object.keys(MELODIES).includes(event) ? MELODIES[event] : MELODIES.alert, { peak: 0.4 * options.volume / 100 });
}

export function confetti(pieces) {
  const { dataset } = document.body;
  dataset.celebrations = Number(dataset.celebrations ?? 0) + 1;
  if (still()) return;
  const sky = element('div', 'confetti');
  sky.setAttribute('aria-hidden', 'true');
  const styles = getComputedStyle(document.documentElement);
  const colours = [styles.getPropertyValue('--ocb-accent'), styles.getPropertyValue('--ocb-accent2'), '#fff', '#ffd166', '#5ee6c5'];
  const [width, height] = [innerWidth, innerHeight];
  for (let index = 0; index < pieces; index += 1) {
    const piece = element('i');
    const [x, spin] = [Math.random() * width, (Math.random() - 0.5) * 1400];
    const drift = (Math.random() - 0.5) * width * 0.3;
    piece.style.left = `${x}px`;
    piece.style.top = `${height * 0.75}px`;
    piece.style.background = colours[index % colours.length];
    piece.animate(
      [
        { transform: 'translate(0, 0) rotate(0)', opacity: 1, easing: 'cubic-bezier(0.1, 0.7, 0.4, 1)' },
        { transform: `translate(${drift * 0.6}px, ${-height * (0.3 + Math.random() * 0.5)}px) rotate(${spin * 0.5}deg)`, opacity: 1, offset: 0.4, easing: 'cubic-bezier(0.5, 0, 0.9, 0.6)' },
        { transform: `translate(${drift}px, ${height * 0.4}px) rotate(${spin}deg)`, opacity: 0 },
      ],
      { duration: 1800 + Math.random() * 900, fill: 'both' },
    );
    sky.append(piece);
  }
  document.body.append(sky);
  setTimeout(() => sky.remove(), 3000);
}

/** Celebrates a milestone, or a goal that is complete, at these elements. */
export function celebrate(complete, ...nodes) {
  confetti(complete ? 90 : 45);
  ring(complete ? 'goal' : 'milestone');
  for (const node of nodes) {
    animate(node, [{ transform: 'none' }, { transform: 'scale(1.12)', offset: 0.3 }, { transform: 'none' }], { duration: 900 });
  }
}
