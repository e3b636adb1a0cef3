// The external action: a button that opens the bot's panel in a frame, as on Owncast's own page.
import { element } from "./chat.js";

const byId = (id) => document.getElementById(id);

export function startAction(page) {
  const dialog = byId("action-dialog");
  byId("action").addEventListener("click", () => open(page, dialog));
  byId("action-close").addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => {
    // The content fills the dialog, so a click on the dialog itself is a click beside it.
    if (event.target === dialog) dialog.close();
  });
  dialog.addEventListener("close", () => {
    byId("action-frame").replaceChildren();
    byId("action").focus();
  });
}

export function showAction({ state }) {
  const button = byId("action");
  button.hidden = !state.action;
  if (state.action && button.textContent !== state.action.title) button.textContent = state.action.title;
}

function open(page, dialog) {
  const { action, viewers } = page.state;
  const viewer = viewers.find(({ id }) => id === page.viewer);
  const url = new URL(action.url);
  url.searchParams.append("instance", window.location.href);
  if (viewer) {
    url.searchParams.append("username", viewer.name);
    if (action.tells_id) url.searchParams.append("userId", viewer.id);
  }
  byId("action-title").textContent = action.title;
  const frame = element("iframe", { title: action.title, allowFullscreen: true });
  // The same sandbox as Owncast's. It is set before the URL, because later rules apply only to the next page.
  frame.setAttribute("sandbox", "allow-same-origin allow-scripts allow-popups allow-forms");
  frame.src = url.href;
  byId("action-frame").replaceChildren(frame);
  dialog.showModal();
}
