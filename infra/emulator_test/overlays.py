"""The public pages, files and live.json, through CloudFront."""

import gzip
import json
import re

from .chat import ada
from .checks import check, eventually
from .world import Bot

PAGES = ["/votes", "/goals", "/overlay", "/overlay/alerts", "/overlay/timers", "/overlay/queue",
         "/overlay/leaderboard", "/overlay/ticker"]  # fmt: skip
LIVE = "/overlay/live.json"
# Their cache behaviors at the edge.
PATHS = ["/votes", "/goals", "/overlay", "/overlay/*", "/assets/*"]


def are_kept_as_designed(bot: Bot, behaviours: dict) -> None:
    """Compares the configured values, because the emulator caches nothing."""
    policies = {behaviours[path]["CachePolicyId"] for path in PATHS}
    check(len(policies) == 1, "all overlays are kept alike", policies)
    config = bot.aws("cloudfront").get_cache_policy(Id=policies.pop())["CachePolicy"]["CachePolicyConfig"]
    limits = config["MinTTL"], config["DefaultTTL"], config["MaxTTL"]
    check(limits == (0, 0, 31536000), "as long as the function says", limits)
    key = config["ParametersInCacheKeyAndForwardedToOrigin"]
    kinds = [key["QueryStringsConfig"]["QueryStringBehavior"], key["CookiesConfig"]["CookieBehavior"],
             key["HeadersConfig"]["HeaderBehavior"]]  # fmt: skip
    check(kinds == ["none"] * 3 and key["EnableAcceptEncodingGzip"], "one copy for everybody", key)
    redirects = {behaviours[path]["ViewerProtocolPolicy"] for path in PATHS}
    check(redirects == {"redirect-to-https"}, "http is sent to https", redirects)


def are_shown(bot: Bot) -> None:
    for path in PAGES:
        status, headers, body = bot.request("GET", bot.address + path)
        check(status == 200 and b"<!doctype html>" in body, f"{path} is a page", (status, body[:200]))
        check(headers["cache-control"] == "public, max-age=60, stale-if-error=86400", "kept for a minute", headers["cache-control"])
        policy = headers["content-security-policy"]
        check("script-src 'self'" in policy and "frame-ancestors 'self'" in policy, "with a policy of its own", policy)
        check(headers["x-content-type-options"] == "nosniff", "nosniff")
    _, _, body = bot.request("GET", bot.address + "/goals?colour=red")
    files = re.findall(r'"(/assets/[0-9a-f]{16}/[a-z/.]+)"', body.decode())
    check(len(files) > 5, "a page names its style, its script and the modules that this imports", files)
    for path in files:
        status, headers, plain = bot.request("GET", bot.address + path)
        check(status == 200, f"{path} is there", status)
        check(headers["cache-control"] == "public, max-age=31536000, immutable", "for ever", headers["cache-control"])
        _, headers, packed = bot.request("GET", bot.address + path, headers={"Accept-Encoding": "gzip"})
        # What fits into one packet is sent as it is.
        if len(plain) >= 1024:
            packed = gzip.decompress(packed) if headers.get("content-encoding") == "gzip" else b"not compressed"
        check(packed == plain, "compressed where that is understood, and where it is worth it")
    for path in (re.sub("[0-9a-f]{16}", "0" * 16, files[0]), "/overlay/nothing"):
        status, headers, _ = bot.request("GET", bot.address + path)
        check((status, headers["cache-control"]) == (404, "no-store"), f"{path} is not", (status, headers.items()))
    past = bot.direct("overlays")
    check(bot.request("GET", past + LIVE)[0] == 403, "the function's own URL without the origin header is refused")


def follow_the_chat(bot: Bot) -> None:
    """Runs after chat.answers, which leaves Ada's hydrate in the queue."""
    seen = {}

    def shows_the_queue() -> bool:
        seen["answer"] = bot.request("GET", bot.address + LIVE)
        status, _, body = seen["answer"]
        return status == 200 and [row["reward"] for row in json.loads(body)["queue"]] == ["hydrate"]

    eventually(shows_the_queue, "the queue is in the document", 10)
    _, headers, body = seen["answer"]
    document = json.loads(body)
    row = document["queue"][0]
    check(re.fullmatch("[0-9a-f]{16}", row["viewer"]) and row["name"].startswith("Ada"), "with a keyed hash and a name", row)
    check(ada.id not in body.decode(), "and without an id")
    check([reward["name"] for reward in document["rewards"]] == ["hydrate", "sip"], "so are the rewards", document["rewards"])
    check(headers["content-type"] == "application/json", "it is JSON", headers["content-type"])
    kept = "public, max-age=1, s-maxage=1, stale-while-revalidate=2, stale-if-error=60"
    check(headers["cache-control"] == kept, "kept for a second", headers["cache-control"])
    check(headers["etag"].startswith('W/"'), "with a weak tag", headers["etag"])
    check(bot.request("POST", bot.address + LIVE, b"{}")[0] in (403, 405), "it refuses POST")
