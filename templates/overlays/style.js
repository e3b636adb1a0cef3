/* The style of an overlay: from its options, and from the CSS box of OBS. */

import { options, parameter } from './options.js';

/** Colours as in CSS. Hexadecimal ones may come without #, which in a URL would start the fragment. */
function colour(text) {
  const value = /^([0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})$/i.test(text) ? `#${text}` : text;
  return /^[#\w\s(),.%/-]{3,40}$/.test(value) && !/var|url/i.test(value) && CSS.supports('color', value) ? value : null;
}

function font(text) {
  if (!/^[\p{L}\p{N} ,_-]{1,100}$/u.test(text)) return null;
  const generic = /^(serif|sans-serif|monospace|cursive|fantasy|system-ui|ui-[a-z-]+)$/;
  const names = text.split(',').map(name => name.trim()).filter(Boolean);
  return names.length === 0 ? null : [...names.map(name => generic.test(name) ? name : `"${name}"`), 'sans-serif'].join(', ');
}

function size(text) {
  const match = /^(\d{1,3}(?:\.\d+)?)(px)?$/.exec(text);
  return match && match[1] >= 8 && match[1] <= 200 ? `${match[1]}px` : null;
}

function adopt(sheet) {
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}

function applyOptions() {
  const sheet = new CSSStyleSheet();
  // Specificity 0, like the defaults: it overrides them by its order, and OBS's CSS box overrides it.
  sheet.insertRule(':where(:root) {}');
  const known = { color: colour, accent: colour, accent2: colour, font, size };
  for (const [name, read] of Object.entries(known)) {
    const given = parameter(name);
    const value = given === null ? null : read(given);
    if (value !== null) sheet.cssRules[0].style.setProperty(`--ocb-${name}`, value);
  }
  adopt(sheet);
  if (options.corner) document.body.dataset.corner = options.corner;
  if (options.side) document.body.dataset.side = options.side;
  document.body.classList.toggle('still', !options.animation);
}

/**
 * OBS writes its CSS box into a style element. Where the page's policy refuses inline styles, this adopts its text as a
 * style sheet: it is the streamer's own.
 */
function takeOver(node) {
  if (node.nodeName !== 'STYLE' || node.sheet) return;
  const sheet = new CSSStyleSheet();
  try {
    sheet.replaceSync(node.textContent);
    adopt(sheet);
  } catch {
    // An old browser keeps the defaults.
  }
}

/** Applies the options, and the CSS box of OBS whenever it comes. */
export function style() {
  applyOptions();
  new MutationObserver(changes => changes.forEach(change => change.addedNodes.forEach(takeOver)))
    .observe(document.head, { childList: true });
  document.head.querySelectorAll('style').forEach(takeOver);
}
