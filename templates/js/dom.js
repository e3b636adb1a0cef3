/* Making and changing elements. Everything that somebody wrote is inserted as text, never as HTML. */

export function element(name, className, ...content) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...content);
  return made;
}

/** A text whose writing direction does not affect what stands around it. */
export function isolated(text = '', className = '') {
  return element('bdi', className, text);
}

/** Writes only a changed text: needless repaints cost a stream frames, and screen readers read live regions again. */
export function put(node, text) {
  if (node.textContent !== text) node.textContent = text;
}
