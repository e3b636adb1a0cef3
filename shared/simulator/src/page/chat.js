// The chat: the chosen viewer and tab, the lines, and the form to write.
const COMMANDS = [
  "!points", "!help", "!rewards", "!hydrate", "!song never gonna", "!red", "!charity 50", "!confetti", "!queue",
];

const byId = (id) => document.getElementById(id);

export function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

export function time(ms) {
  return new Date(ms).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false });
}

// A row of radio buttons. Its buttons are kept while nothing changes, so that the focus stays.
export function choices(place, name, options, chosen, pick) {
  const key = JSON.stringify(options);
  if (place.dataset.key !== key) {
    const focused = place.contains(document.activeElement) ? document.activeElement.value : null;
    place.dataset.key = key;
    place.replaceChildren(...options.map(({ value, text, note }) => {
      const input = element("input", { type: "radio", name, value });
      input.addEventListener("change", () => pick(input.value));
      const label = element("span", {}, text);
      if (note) label.append(element("small", { textContent: note }));
      return element("label", { className: "choice" }, input, label);
    }));
    if (focused !== null) [...place.querySelectorAll("input")].find((input) => input.value === focused)?.focus();
  }
  for (const input of place.querySelectorAll("input")) input.checked = input.value === String(chosen);
}

export function startChat(page) {
  byId("chips").append(...COMMANDS.map((command) => {
    const chip = element("button", { type: "button", className: "quiet", textContent: command });
    chip.addEventListener("click", () => say(page, command));
    return chip;
  }));
  byId("say-form").addEventListener("submit", (event) => {
    event.preventDefault();
    const text = byId("say-text").value;
    if (!text.trim()) return;
    byId("say-text").value = "";
    say(page, text);
  });
  byId("arrive-form").addEventListener("submit", async (event) => {
    event.preventDefault();
    const arrived = await page.act({ act: "arrive", name: byId("arrive-name").value });
    if (!arrived) return;
    byId("arrive-name").value = "";
    pick(page, arrived.viewer, arrived.client);
  });
  byId("open-tab").addEventListener("click", () => openTab(page));
  byId("close-tab").addEventListener("click", () => {
    if (page.client !== null) page.act({ act: "disconnect", client: page.client });
  });
}

async function openTab(page) {
  const opened = await page.act({ act: "connect", viewer: page.viewer });
  if (opened) pick(page, opened.viewer, opened.client);
}

function pick(page, viewer, client) {
  Object.assign(page, { viewer, client });
  page.refresh();
}

// Messages are sent one after the other, so chat waits while webhooks are slow, as in Owncast.
let turn = Promise.resolve();
let waiting = 0;

function say(page, text) {
  const { viewer } = page;
  let { client } = page;
  waiting += 1;
  const slow = setTimeout(showWaiting, 900);
  turn = turn.then(async () => {
    if (client === null && viewer !== null) {
      client = (await page.act({ act: "connect", viewer }))?.client ?? null;
    }
    if (client !== null) await page.act({ act: "say", client, text });
  }).finally(() => {
    clearTimeout(slow);
    waiting -= 1;
    showWaiting();
  });
}

function showWaiting() {
  const text = waiting === 0 ? "" : "Chat waits: every webhook worker of Owncast is busy with the bot.";
  if (byId("waiting").textContent !== text) byId("waiting").textContent = text;
}

export function showChat(page) {
  const { state } = page;
  const viewer = state.viewers.find(({ id }) => id === page.viewer);
  choices(byId("viewers"), "viewer", state.viewers.map(({ id, name, moderator, authenticated, banned, tabs }) => ({
    value: id,
    text: name,
    note: [moderator && "mod", authenticated && "auth", banned && "banned", tabs.length === 0 && !banned && "away"]
      .filter(Boolean).join(", "),
  })), page.viewer, (id) => pick(page, id, null));
  const tabs = viewer?.tabs ?? [];
  byId("tabs-part").hidden = tabs.length < 2;
  choices(byId("tabs"), "tab", tabs.map((client, index) => ({ value: String(client), text: String(index + 1) })),
    page.client, (client) => pick(page, page.viewer, Number(client)));
  byId("close-tab").disabled = tabs.length === 0;
  byId("open-tab").disabled = !viewer || viewer.banned;
  byId("open-tab").textContent = tabs.length > 0 ? "Open another tab" : "Open a tab";
  showLines(page, viewer);
}

let shown = "";
let newest = 0;

function showLines(page, viewer) {
  const { state, client, run } = page;
  const log = byId("log");
  const hidden = new Set(state.hidden);
  const lines = page.lines.filter((line) => line.kind !== "whisper" || line.client === client);
  byId("empty").hidden = lines.length > 0;
  const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 40;
  // The lines are shown as the chosen viewer sees them: another tab, role or hidden message changes them.
  const key = JSON.stringify([run, page.viewer, client, viewer?.moderator, state.hidden]);
  const again = key !== shown;
  if (again) {
    shown = key;
    newest = 0;
    // Old lines are not read out again.
    log.setAttribute("aria-live", "off");
    log.replaceChildren();
  }
  const fresh = lines.filter((line) => line.number > newest);
  log.append(...fresh.map((line) => showLine(page, line, hidden.has(line.id), viewer)));
  while (log.children.length > 300) log.firstChild.remove();
  if (fresh.length > 0) newest = fresh[fresh.length - 1].number;
  if (again) setTimeout(() => log.setAttribute("aria-live", "polite"));
  if (again || (atEnd && fresh.length > 0)) log.scrollTop = log.scrollHeight;
}

// The server has checked the URLs: they begin with http or https.
function showPart({ text, href }) {
  return href ? element("a", { href, target: "_blank", rel: "noopener", textContent: text }) : text;
}

function showLine(page, line, gone, viewer) {
  const item = element("div", { className: `line ${line.kind}${gone ? " gone" : ""}` });
  if (line.kind !== "notice") {
    const by = element("div", { className: "by" }, element("strong", { textContent: line.kind === "whisper" ? page.state.bot : line.name }));
    if (line.kind !== "chat") by.append(element("span", { className: "badge", textContent: "Bot" }));
    else if (line.moderator) by.append(element("span", { className: "badge outline", textContent: "Mod" }));
    if (line.kind === "whisper") by.append(element("span", { className: "only", textContent: "only you see this" }));
    by.append(element("time", { textContent: time(line.at), dateTime: new Date(line.at).toISOString() }));
    item.append(by);
  }
  const hidden = gone && !viewer?.moderator;
  item.append(element("div", { className: "text" }, ...(hidden ? ["(hidden)"] : line.parts.map(showPart))));
  if (viewer?.moderator && (line.kind === "chat" || line.kind === "bot")) {
    const button = element("button", { type: "button", className: "hide", textContent: gone ? "Show" : "Hide" });
    button.setAttribute("aria-label", `${button.textContent} the message of ${line.name}`);
    button.addEventListener("click", () => page.act({ act: "visible", message: line.id, on: gone }));
    item.append(button);
  }
  return item;
}
