"""CloudFront in front of the functions: which requests pass, and the headers of the responses."""

from . import overlays, panel
from .checks import check
from .owncast_events import event
from .world import Bot

# Wrong secrets of a valid form, so that they are not refused for their form alone.
WRONG = "x" * 43


def is_as_designed(bot: Bot) -> None:
    hello = lambda **how: bot.webhook(event("UNKNOWN"), **how)
    status, headers, _ = hello()
    check(status == 200, "a signed webhook is taken", status)
    check(headers["strict-transport-security"] == "max-age=31536000", "HSTS", headers["strict-transport-security"])
    check(headers["x-content-type-options"] == "nosniff", "nosniff")
    check("default-src 'none'" in headers["content-security-policy"], "a floor of a content security policy")
    check(headers["x-frame-options"] is None, "framing is left to the pages")
    check(headers["x-cache"] == "Miss from cloudfront", "a hook is not cached", headers["x-cache"])
    check(hello(https=False)[0] == 403, "plain http is refused, not redirected")
    check(hello(url=f"{bot.address}/chatHook/{WRONG}")[0] == 404, "a wrong token is refused")
    check(hello(signature="t=1.s=00")[0] == 401, "a wrong signature is refused")
    check(bot.request("GET", bot.hook)[0] == 405, "a GET of a hook is refused by the function")
    past = bot.hook.replace(bot.address, bot.direct())
    status, _, _ = hello(url=past)
    check(status == 403, "the function's own URL without the origin header is refused", status)
    status, _, _ = hello(url=past, **{"x-origin-secret": WRONG})
    check(status == 403, "… and with a wrong one", status)
    status, _, _ = hello(**{"x-origin-secret": WRONG})
    check(status == 200, "a visitor's own origin header is replaced by CloudFront's", status)
    for path in ("/", "/wp-login.php", "/chathook/x"):
        status, _, _ = bot.request("GET", bot.address + path)
        check(status == 404, f"{path} ends at the edge", status)


def keeps_what_may_be_kept(bot: Bot) -> None:
    """Compares the configured values, because the emulator caches nothing."""
    cloudfront = bot.aws("cloudfront")
    identifier = cloudfront.list_distributions()["DistributionList"]["Items"][0]["Id"]
    config = cloudfront.get_distribution_config(Id=identifier)["DistributionConfig"]
    disabled = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
    behaviours = {behaviour["PathPattern"]: behaviour for behaviour in config["CacheBehaviors"]["Items"]}
    check(list(behaviours) == ["/chatHook/*", *overlays.PATHS, *panel.PATHS], "the routes are at the edge", list(behaviours))
    overlays.are_kept_as_designed(bot, behaviours)
    panel.is_as_designed(bot, behaviours)
    hook = behaviours["/chatHook/*"]
    check((hook["CachePolicyId"], hook["ViewerProtocolPolicy"]) == (disabled, "https-only"), "neither cached nor redirected", hook)
    check(config["DefaultCacheBehavior"]["CachePolicyId"] == disabled, "nor is what is no route")
    check(config["HttpVersion"] == "http2and3", "HTTP/3", config["HttpVersion"])
