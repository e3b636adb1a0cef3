// The streamer's desk: the stream, the chosen viewer, the faults and the webhooks.
import { choices, element, time } from "./chat.js";

const HOOKS = [
  { value: "working", text: "Working" }, { value: "slow", text: "Slow" },
  { value: "lost", text: "Lost" }, { value: "twice", text: "Twice" },
];
const API = [
  { value: "working", text: "Working" }, { value: "slow", text: "Slow" }, { value: "failing", text: "Failing" },
  { value: "refusing", text: "Refusing" }, { value: "down", text: "Down" },
];
const NOTES = {
  hooks: {
    slow: "Each webhook takes 2 seconds longer, and chat waits when all workers are busy.",
    lost: "Webhooks are lost. Owncast never sends one again.",
    twice: "Each webhook arrives twice. The bot must count it once.",
  },
  api: {
    slow: "Owncast responds to the bot 2 seconds late.",
    failing: "Owncast responds to the bot with 503.",
    refusing: "Owncast responds to the bot with 200 and an error.",
    down: "Owncast closes the bot’s connections without a response.",
  },
};

const byId = (id) => document.getElementById(id);

export function startDesk(page) {
  const onSubmit = (form, action) => byId(form).addEventListener("submit", (event) => {
    event.preventDefault();
    action();
  });
  onSubmit("title-form", () => page.act({ act: "title", title: byId("title-text").value }));
  onSubmit("follow-form", async () => {
    if (await page.act({ act: "follow", handle: byId("follow-handle").value })) byId("follow-handle").value = "";
  });
  onSubmit("rename-form", async () => {
    const name = byId("rename-text").value;
    if (await page.act({ act: "rename", viewer: page.viewer, name })) byId("rename-text").value = "";
  });
  byId("live-button").addEventListener("click", () => {
    page.act(page.state?.live ? { act: "offline" } : { act: "live", title: byId("title-text").value });
  });
  for (const role of ["moderator", "authenticated"]) {
    byId(role).addEventListener("change", () => page.act({ act: role, viewer: page.viewer, on: byId(role).checked }));
  }
}

export function showDesk(page) {
  const { state } = page;
  setText("version", `Owncast ${state.version}`);
  setText("live-pill", state.live ? (state.title ? `Live: ${state.title}` : "Live") : "Offline");
  byId("live-pill").classList.toggle("on", state.live);
  byId("bot-link").hidden = !state.bot_url;
  if (state.bot_url) byId("bot-link").href = state.bot_url;
  setText("live-button", state.live ? "Go offline" : "Go live");
  byId("live-button").classList.toggle("main", !state.live);
  setText("live-note", state.live ? "Everybody in chat earns points now." : "Watching pays points while the stream is live.");
  const title = byId("title-text");
  // The field is not overwritten while somebody types in it.
  if (document.activeElement !== title && title.dataset.known !== state.title) {
    title.dataset.known = state.title;
    title.value = state.title;
  }
  const viewer = state.viewers.find(({ id }) => id === page.viewer);
  setText("viewer-name", viewer?.name ?? "");
  byId("moderator").checked = viewer?.moderator ?? false;
  byId("authenticated").checked = viewer?.authenticated ?? false;
  choices(byId("hooks"), "hooks", HOOKS, state.hooks, (link) => page.act({ act: "hooks", link }));
  choices(byId("api"), "api", API, state.api, (link) => page.act({ act: "api", link }));
  setText("link-note", [NOTES.hooks[state.hooks], NOTES.api[state.api]].filter(Boolean).join(" ") || "Both directions work.");
  setText("pending", pendingNote(state));
  showDeliveries(state);
}

function pendingNote({ linked, pending, deliveries }) {
  if (!linked) return "No bot is listening yet.";
  if (pending > 0) return `${pending} being sent.`;
  return deliveries.length > 0 ? "" : "None yet. Say something in chat.";
}

let newest = null;

function showDeliveries({ run, deliveries }) {
  const key = `${run} ${deliveries[0]?.number}`;
  if (key === newest) return;
  newest = key;
  byId("deliveries").replaceChildren(...deliveries.map((delivery) => element("tr", {},
    element("td", { textContent: time(delivery.at) }),
    element("td", { className: "kind", textContent: delivery.kind.toLowerCase().replaceAll(/[_-]/g, " ") }),
    element("td", { className: delivery.ok ? "ok" : "no", textContent: delivery.outcome }),
    element("td", { textContent: `${delivery.ms} ms` }))));
}

function setText(id, text) {
  const place = byId(id);
  place.hidden = text === "";
  if (place.textContent !== text) place.textContent = text;
}
