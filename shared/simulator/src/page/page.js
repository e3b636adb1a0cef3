// Fetches the state, passes it to the parts of the page, and sends the actions of the user.
import { showAction, startAction } from "./action.js";
import { showChat, startChat } from "./chat.js";
import { showDesk, startDesk } from "./desk.js";

const POLL_MS = 700;
const HIDDEN_POLL_MS = 4000;

const page = {
  run: null,
  since: 0,
  state: null,
  lines: [],
  viewer: null,
  client: null,
  act,
  refresh,
};

let timer = 0;
let asking = null;

const byId = (id) => document.getElementById(id);

function problem(text) {
  const place = byId("problem");
  // Unchanged text must not be read out again at every poll.
  if (place.textContent !== text) place.textContent = text;
  place.hidden = !text;
}

// Sends one action. Returns the response, or null when the action was refused.
async function act(what) {
  try {
    const response = await fetch("/simulator/act", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(what),
    });
    const body = await response.json();
    if (response.ok) {
      problem("");
      await refresh();
      return body;
    }
    problem(body.error);
  } catch {
    problem("The simulator does not respond. Is it still running?");
  }
  return null;
}

async function load() {
  const response = await fetch(`/simulator/state?since=${page.since}`);
  const state = await response.json();
  if (!response.ok) {
    problem(state.error);
    return;
  }
  if (page.run !== state.run) {
    const restarted = page.run !== null;
    Object.assign(page, { run: state.run, since: 0, lines: [] });
    // After a restart, line numbers start from 1 again.
    if (restarted) return load();
  }
  if (state.lines.length > 0) {
    page.lines.push(...state.lines);
    page.lines.splice(0, page.lines.length - 300);
    page.since = state.lines[state.lines.length - 1].number;
  }
  page.state = state;
  choose();
  showAction(page);
  showChat(page);
  showDesk(page);
}

// Keeps the chosen viewer and tab where they still exist.
function choose() {
  const { viewers } = page.state;
  if (!viewers.some((viewer) => viewer.id === page.viewer)) page.viewer = viewers[0]?.id ?? null;
  const tabs = viewers.find((viewer) => viewer.id === page.viewer)?.tabs ?? [];
  if (!tabs.includes(page.client)) page.client = tabs[0] ?? null;
}

// Shows the current state. Calls that run at the same time wait for each other.
async function refresh() {
  clearTimeout(timer);
  try {
    if (asking) await asking;
    asking = load();
    await asking;
    if (byId("problem").textContent.startsWith("The simulator")) problem("");
  } catch {
    problem("The simulator does not respond. Is it still running?");
  } finally {
    asking = null;
    clearTimeout(timer);
    timer = setTimeout(refresh, document.hidden ? HIDDEN_POLL_MS : POLL_MS);
  }
}

startAction(page);
startChat(page);
startDesk(page);
document.addEventListener("visibilitychange", () => document.hidden || refresh());
refresh();
