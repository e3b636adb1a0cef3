"""The viewers' panel through CloudFront: signing in from chat, clicks, and their lines in chat."""

import json
import re
import secrets
import time
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from urllib.parse import urlencode

from . import rows
from .chat import WELCOME
from .checks import Failed, check, eventually
from .owncast_events import Viewer, chat
from .world import NAME, REGION, Bot

PANEL = "/userpanel"
# Its cache behaviors at the edge.
PATHS = [PANEL, f"{PANEL}/*"]
# AWS's managed policies: nothing is cached, and everything of a request except its Host is passed to the origin.
NOTHING_IS_KEPT = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
ALL_BUT_HOST = "b689b0a8-53d0-40ab-baf2-68738e2966ac"
WHO_ASKS = """function handler(event) {
  event.request.headers['x-viewer-address'] = { value: event.viewer.ip };
  return event.request;
}
"""

cleo = Viewer("Cleo", 4)
# Claims that connection 5 is hers, which Owncast denies.
eve = Viewer("Eve", 5)


class Forms(HTMLParser):
    """The forms of a page: their default values by their URL. Of several forms with one URL, the first."""

    def __init__(self, page: str):
        super().__init__()
        self.found: dict[str, dict[str, str]] = {}
        self.open: dict[str, str] | None = None
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag == "form":
            self.open = {}
            self.found.setdefault(given["action"], self.open)
        elif tag == "input" and self.open is not None and given.get("type") == "hidden":
            self.open[given["name"]] = given["value"]

    def handle_endtag(self, tag):
        if tag == "form":
            self.open = None


class Browser:
    """Keeps cookies, and sends forms with their default values."""

    def __init__(self, bot: Bot):
        self.bot, self.cookies = bot, {}

    def get(self, path: str = PANEL) -> str:
        status, _, body = self.ask("GET", path)
        if status != 200:
            raise Failed(f"the panel is shown\n       seen: {status} {body[:300]}")
        return body

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str):
        kept = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        sent = {**({"Cookie": kept} if kept else {}), **headers}
        status, headers, body = self.bot.request(method, self.bot.address + path, body, sent)
        for line in headers.get_all("set-cookie") or []:
            # The cookie parser of some Python versions does not know this attribute.
            for name, cookie in SimpleCookie(line.replace("; Partitioned", "")).items():
                if cookie["max-age"] == "0":
                    self.cookies.pop(name, None)
                else:
                    self.cookies[name] = cookie.value
        return status, headers, body.decode()

    def send(self, path: str, fields: dict[str, str], **headers: str):
        """Sends a form like a page of the bot, unless `headers` override that."""
        sent = {"Content-Type": "application/x-www-form-urlencoded", "Origin": self.bot.address,
                "Sec-Fetch-Site": "same-origin"} | headers  # fmt: skip
        return self.ask("POST", path, urlencode(fields).encode(), **sent)

    def signs_in(self, path: str, fields: dict[str, str], what: str) -> None:
        status, headers, body = self.send(path, fields)
        check(status in (200, 303), what, (status, body[:300]))
        session = self.cookies.get("__Host-panel", "")
        check(len(session) > 32, "with a cookie for this host alone", (headers.items(), self.cookies))
        # The cookie, and the id in it without its HMAC.
        self.bot.sign_ins += [session, session.split(".")[0]]

    def goes_back(self, answer, what: str) -> str:
        """The panel after a form whose response was a redirect to it."""
        status, headers, body = answer
        where = (headers["location"] or "").split("#")[0]
        check(status == 303 and where.split("?")[0] == PANEL, what, (status, where, body[:300]))
        return self.get(where)


def is_as_designed(bot: Bot, behaviours: dict) -> None:
    """Compares the configured values; are_counted checks what the edge does with a request."""
    hook = behaviours["/chatHook/*"]
    cloudfront = bot.aws("cloudfront")
    name = f"{NAME}-{REGION}-who-asks"
    arn = cloudfront.describe_function(Name=name, Stage="LIVE")["FunctionSummary"]["FunctionMetadata"]["FunctionARN"]
    for path in PATHS:
        behaviour = behaviours[path]
        policies = behaviour["CachePolicyId"], behaviour["OriginRequestPolicyId"], behaviour["ResponseHeadersPolicyId"]
        expected = NOTHING_IS_KEPT, ALL_BUT_HOST, hook["ResponseHeadersPolicyId"]
        check(policies == expected, f"{path} is not cached, and the function gets the whole request", behaviour)
        check("POST" in behaviour["AllowedMethods"]["Items"], "takes forms", behaviour["AllowedMethods"])
        check(behaviour["ViewerProtocolPolicy"] == "redirect-to-https", "over https", behaviour["ViewerProtocolPolicy"])
        functions = [(one["EventType"], one["FunctionARN"]) for one in behaviour["FunctionAssociations"]["Items"]]
        check(functions == [("viewer-request", arn)], "and a function adds the visitor's IP address", functions)
    code = cloudfront.get_function(Name=name, Stage="LIVE")["FunctionCode"].read().decode()
    check(code.strip() == WHO_ASKS.strip(), "by the edge, which knows", code)


def is_used(bot: Bot) -> None:
    is_shown(bot)
    browser, tab = lets_in(bot)
    takes_clicks(bot, browser)
    lets_in_by_typing(bot)
    lets_out(bot, browser)
    counts_wrong_codes(bot)
    forgets(bot, tab)


def is_shown(bot: Bot) -> None:
    status, headers, body = bot.request("GET", bot.address + PANEL)
    check(status == 200 and b"<!doctype html>" in body.lower(), "the panel is a page", (status, body[:300]))
    check(headers["content-type"].startswith("text/html"), "of HTML", headers["content-type"])
    check(headers["cache-control"] == "no-store", "which is not cached", headers["cache-control"])
    check(frames(headers) == {bot.owncast.url}, "only Owncast may frame it", frames(headers))
    policy = headers["content-security-policy"]
    check("script-src 'self'" in policy and "unsafe" not in policy, "without inline script", policy)
    check(headers["x-frame-options"] is None, "nothing older forbids the frame")
    check(headers["x-cache"] == "Miss from cloudfront", "it is not cached", headers["x-cache"])
    check("hydrate" in body.decode(), "rewards are shown to everybody")
    for path in re.findall(r'"(/assets/[0-9a-f]{16}/[a-z/.]+)"', body.decode()):
        check(bot.request("GET", bot.address + path)[0] == 200, f"{path} is there")
    status, headers, _ = bot.request("GET", bot.address + PANEL, https=False)
    check((status, headers["location"]) == (301, bot.address + PANEL), "plain http is sent to https", (status, headers["location"]))
    past = bot.direct("viewer-panel") + PANEL
    check(bot.request("GET", past)[0] == 403, "the function's own URL without the origin header is refused")
    forged = {"x-origin-secret": "x" * 43}
    check(bot.request("GET", past, headers=forged)[0] == 403, "… and with a wrong one")


def is_signed_in(page: str) -> bool:
    return f"{PANEL}/sign-out" in Forms(page).found


def balance(page: str) -> int | None:
    """The balance that a page shows, if it is less than a thousand."""
    shown = re.search(r'id="balance">(\d+)<', page)
    return int(shown[1]) if shown else None


def frames(headers) -> set[str]:
    """The origins that may frame a page."""
    return set(re.search(r"frame-ancestors ([^;]+)", headers["content-security-policy"])[1].split())


def whispered(bot: Bot, client: int) -> list[str]:
    return [line for number, line in bot.owncast.whispered if number == client]


def lets_in(bot: Bot) -> tuple[Browser, Browser]:
    """Signing in from chat: with the code, and with the link in another tab."""
    bot.owncast.connected = {cleo.id: (cleo.user(), [cleo.client]), eve.id: (eve.user(), [99])}
    event = secrets.token_hex(8)
    bot.takes(chat(eve, "!panel", event))
    eventually(lambda: rows.outbox(bot, event) == ["dropped"], "no secret goes to a connection that is not theirs", 20)
    bot.takes(chat(cleo, "!panel"))
    invitation = eventually(lambda: whispered(bot, cleo.client), "the way in is whispered", 20)[-1]
    check(not whispered(bot, eve.client) and not whispered(bot, 99), "and to no other connection", bot.owncast.whispered)
    link = re.search(rf"\({re.escape(bot.address)}({PANEL}/enter/([0-9a-f]+))\)", invitation)
    code = re.search(r"\b[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}\b", invitation)
    check(link and code, "a link to the bot's address, and a code", invitation)
    enter, token, code = link[1], link[2], code[0]
    bot.sign_ins += [token, code]

    browser, tab = Browser(bot), Browser(bot)
    hello = browser.get()
    check(f"{PANEL}/sign-in" in Forms(hello).found and not is_signed_in(hello), "a stranger may type a code", hello[-2000:])
    typed = {**Forms(hello).found[f"{PANEL}/sign-in"], "code": code.lower()}
    browser.signs_in(f"{PANEL}/sign-in", typed, "the code signs in, however it is typed")
    shown = browser.get()
    check(is_signed_in(shown) and cleo.name in shown, "and the page knows whose it is", shown[-2000:])
    check(balance(shown) == WELCOME, "and what they have", balance(shown))
    late = Browser(bot)
    late.send(f"{PANEL}/sign-in", typed)
    check(not is_signed_in(late.get()), "once")

    for _ in range(2):
        asked = tab.get(enter)
    check(enter in Forms(asked).found, "the link leads to a button", asked[-2000:])
    tab.signs_in(enter, Forms(asked).found[enter], "which signs in too, however often it was looked at")
    check(is_signed_in(tab.get()), "in its own tab")
    check(not rows.hold(bot, bot.sign_ins), "the table holds neither code nor link nor cookie in the clear")
    return browser, tab


def lets_in_by_typing(bot: Bot) -> None:
    """Signing in from the panel: it shows a code, which the viewer types in chat."""
    browser = Browser(bot)
    browser.get()
    _, _, shown = browser.send(f"{PANEL}/code", {})
    typed = re.search(r"!link ([2-9A-HJ-NP-Z-]{9})", shown)
    check(typed, "the panel shows a code to write in chat", shown[-2000:])
    wait = f"{PANEL}/code/wait"
    seed = Forms(shown).found[wait]
    bot.sign_ins += [typed[1], *seed.values()]
    browser.send(wait, seed)
    check(not is_signed_in(browser.get()), "no viewer is signed in before the code is typed")
    bot.takes(chat(cleo, typed[0]))
    linked = lambda: [line for line in whispered(bot, cleo.client) if "signed in as you" in line]
    eventually(linked, "the viewer who types it gets a message", 20)
    browser.signs_in(wait, seed, "and the panel is theirs")
    check(is_signed_in(browser.get()), "from then on")


def takes_clicks(bot: Bot, browser: Browser) -> None:
    use = f"{PANEL}/use/hydrate"
    fields = Forms(browser.get()).found[use]
    line = "Cleo redeemed hydrate."
    for what, changed, headers in [
        ("another site", {}, {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}),
        ("a page that another site wrote", {"csrf": "0" * 32}, {}),
    ]:
        status, _, _ = browser.send(use, fields | changed, **headers)
        check(status == 403, f"a click from {what} is refused", status)
    status, _, _ = Browser(bot).send(use, fields)
    check(status == 401, "so is one without a session", status)
    check(rows.viewer(bot, cleo.id)["balance"] == WELCOME, "and nothing is taken")

    shown = browser.goes_back(browser.send(use, fields), "a click is taken")
    check(balance(shown) == WELCOME - 50, "the page shows what is left", balance(shown))
    eventually(lambda: line in bot.owncast.said, "the redeem is announced in chat", 20)
    # The same form again, as after a double click, a reload, or a broken connection.
    for headers in ({}, {"HX-Request": "true"}):
        status, _, body = browser.send(use, fields, **headers)
        check(status in (200, 303), "the same click again is answered", (status, body[:300]))
    # Time for a second announcement that must not come.
    time.sleep(2)
    books = rows.viewer(bot, cleo.id)
    check(books["balance"] == WELCOME - 50, "and takes nothing", books)
    check(books["ledger"] == [("gift", WELCOME), ("redeem", -50)], "its ledger says so", books["ledger"])
    check(bot.owncast.said.count(line) == 1, "nor is it announced again", bot.owncast.said)

    back = f"{PANEL}/take-back"
    shown = browser.goes_back(browser.send(back, Forms(shown).found[back]), "what waits can be taken back")
    check(balance(shown) == WELCOME, "and the points are theirs again", balance(shown))
    eventually(lambda: "Cleo took hydrate back." in bot.owncast.said, "which is announced in chat too", 20)


def lets_out(bot: Bot, browser: Browser) -> None:
    out = f"{PANEL}/sign-out"
    session = dict(browser.cookies)
    shown = browser.goes_back(browser.send(out, Forms(browser.get()).found[out]), "signing out leads back to the panel")
    check(not is_signed_in(shown) and browser.cookies != session, "as a stranger, without the cookie", browser.cookies.keys())
    browser.cookies = session
    check(not is_signed_in(browser.get()), "and an old cookie is no longer valid")


def counts_wrong_codes(bot: Bot) -> None:
    """Wrong codes are counted by the IP address from the edge, not by one that a visitor claims."""
    before = rows.wrong_codes(bot)
    browser = Browser(bot)
    browser.get()
    for number in range(3):
        browser.send(f"{PANEL}/sign-in", {"code": f"2222-222{number + 2}"}, **{"x-viewer-address": f"192.0.2.{number}"})
    after = rows.wrong_codes(bot)
    risen = {who: count - before.get(who, 0) for who, count in after.items() if count != before.get(who, 0)}
    check(list(risen.values()) == [3, 3], "a wrong code counts for its true address, and for all", (before, after))


def forgets(bot: Bot, browser: Browser) -> None:
    """All stored data is shown, and then deleted."""
    status, _, body = browser.ask("GET", f"{PANEL}/data.json")
    data = json.loads(body) if status == 200 else {}
    shown = data.get("viewer", {}).get("id"), data.get("account", {}).get("balance")
    check(shown == (cleo.id, WELCOME), "the data can be read", (status, body[:300]))
    forget = f"{PANEL}/forget"
    asked = Forms(browser.get()).found[forget]
    check(browser.send(forget, asked)[0] == 403, "who is not sure is not forgotten")
    shown = browser.goes_back(browser.send(forget, {**asked, "sure": "true"}), "who wants to be forgotten is")
    check(not is_signed_in(shown), "and the session has ended")
    eventually(lambda: not bot.rows(f"VIEWER#{cleo.id}"), "neither balance nor profile nor ledger is left", 20)
    check(rows.names_of(bot, cleo.name) == [], "nor the name", rows.names_of(bot, cleo.name))
