# What the viewer panel says. It is shown as plain text and speaks to the viewer who reads it; it never mentions how to
# write something in chat where a button does it.

## Answers to clicks

you_redeemed = { $reward } is yours and waits in the queue.
you_used = { $reward } is on its way.
you_voted = Your vote for { $reward } counts.
you_gave = You gave { $amount } to { $reward }. Thank you!
you_took_back = { $reward } is taken back: { $price-number ->
    [one] { $price } is yours again.
   *[other] { $price } are yours again.
}
take_back_off = Nothing can be taken back here. Ask a moderator if it was a mistake.
take_back_late = { $reward } has left the queue and cannot be taken back.
you_are_banned = You are banned from this chat, so nothing can be used here.
reward_gone = That is not there any more. Load the page again to see what is.
boards_off = You are not shown on boards now.
boards_on = You are shown on boards now.
unlinked = Every panel of yours is signed out.
fulfilled = Your { $reward } is done.
refunded = Your { $reward } was refunded: { $price-number ->
    [one] { $price } is back.
   *[other] { $price } are back.
}

## Why a reward cannot be used

off = { $reward } is off right now.
only_live = { $reward } only works while the stream is live.
authenticated_only = { $reward } is for viewers who have signed in to chat. Use "Authenticate" in the chat's menu.
members_only = { $reward } is for members.
followers_only = { $reward } is for followers whose Fediverse handle the streamer has confirmed.
moderators_only = { $reward } is for moderators.
note_missing = Add a note for { $reward }. Nothing was taken.
note_too_long = Your note has { $length } characters and { $max } fit. Nothing was taken.
cooling_down = { $reward } is on cooldown. Try again in { $wait }.
sold_out = { $reward } is sold out.
stream_limit = { $reward } is used up for this stream.
viewer_limit = { $reward } is used up for you in this stream.
need_more = { $reward } costs { $price } and you need { $missing-number } more.
vote_closed = The vote for { $reward } is closed.
vote_limit = That is all the votes you can give { $reward }.
goal_done = { $reward } is reached already. Nothing was taken.
goal_over = The time for { $reward } has run out. It stands at { $progress-number } of { $target }. Nothing was taken.
goal_howto = { $reward } stands at { $progress-number } of { $target }. Give a number such as 50, a share such as 10%, or all.
goal_need_more = You need { $missing-number } more { $missing-word } to give { $amount-number }.
goal_too_little = That would be less than one { $point-word }.
goal_broke = There are no { $points-word } left to give. Watching brings more.

# In the place of the name of a viewer who was erased.
erased_viewer = somebody

## The page

page-skip = To the rewards
page-parts = Parts of this page
page-rewards = Rewards
page-goals-and-votes = Goals & votes
page-goals = Goals
page-votes = Votes
page-queue = Queue
page-history = History
page-top = Top
page-you = You
page-how = How it works
page-away = The stream's server is not responding right now. Your { $points-word } are safe. You can still redeem here; chat is told once the server is back.
page-offline = The stream is offline. You earn { $points-word } while it is live. You can look around, and use rewards that need no live stream.
rewards-none = There are no rewards right now. Your { $points-word } are safe until there are.
goals-none = No goal is set. When there is one, everybody can give { $points-word } to it here.
votes-none = Nothing to vote on right now.
queue-none = Nothing is waiting.
history-points = Your { $points-word }
history-queue = From the queue
history-none = Nothing has been redeemed yet.
history-done = done
history-refunded = given back
board-points = Most { $points-word }
board-watched = Longest watched
board-none = Nobody yet. This fills up while people watch.
row-you = you

## A reward's card

card-redeem = Redeem
card-vote = Vote
card-contribute = Contribute
card-sign-in-to-redeem = Sign in to redeem
card-sign-in-to-vote = Sign in to vote
card-sign-in-to-give = Sign in to give
card-note = Note
card-note-optional = Note (if you like)
card-amount = How many { $points-word }
card-amount-example = 50, 10% or all
card-reached = (reached)
card-until = until
card-gave = you gave { $amount-number }
card-progress-with-own = { $progress } — { $own }
amount-unreadable = Type a number of { $points-word } such as 50, a share such as 10%, or all. Nothing was taken.
note-missing = Add a note. Nothing was taken.
note-too-long = Your note has { $length } characters and { $max } fit. Nothing was taken.

## Signing in

sign-in = Sign in
sign-in-how = Write this in chat: the bot whispers you a code, for your eyes only. Type it here.
sign-in-code = Code
sign-in-no-whisper = No whisper?
sign-in-other-way = Get a code here and write it in chat instead.
sign-in-show-code = Show a code
sign-in-no-cookies = If you stay signed out, your browser keeps no cookies inside this frame.
sign-in-own-tab = Open the panel in a tab of its own
sign-in-bad-code = That code is wrong, too old, or was used. Write { $command } in chat for a new one.
sign-in-too-many = Too many wrong codes. Try again in { $wait }.
sign-in-waiting = The code was not typed in chat yet.
sign-in-done = You are signed in.
code-how = Write this in chat, from the name that you want to use here. It works for { $time }.
code-written = I have written it
link-hello = Hello { $name }
link-what = This signs you in to your panel in this tab.
link-not-you = Not you? Then close this tab.
link-expired = This link has expired
link-once = Links work once, for five minutes. Write { $command } in chat for a new one.
link-panel = To the panel
signed-out = You are signed out here.
signed-out-everywhere = You are signed out everywhere.
forgotten = Your data is deleted. If you chat again, you start from zero.

## The viewer's own parts

me-have = You have
me-signed-in = Signed in as { $name }
me-income = +{ $income-number } every { $interval }
me-income-streak = +{ $income-number } every { $interval } · streak { $streak }
own-streak = Streak
own-streak-none = None yet: watch a stream for { $watch } to begin one.
own-streak-over = Ended; your best is { $best }.
own-streak-now = { $now } in a row; your best is { $best }.
own-watched = Watched
own-membership = Membership
own-member-until = Member until { $day }.
own-member-over = Ended { $day }.
own-member-none = Not a member.
own-sound = Play a sound when something of mine is done
own-queue = Yours in the queue
own-queue-none = Nothing of yours is in the queue.
own-take-back = Take back
own-undo = Undo
own-boards = Boards
own-boards-shown = You are shown on the boards when you are among the top viewers.
own-boards-hidden = You are not shown on any board.
own-boards-leave = Leave the boards
own-boards-return = Show me on the boards again
own-data = Your data
own-data-what = Everything that is stored about you, as a JSON file.
own-data-download = Download
own-data-show = Show
own-data-also-kept = Sessions, for at most 30 days, and lines on their way into chat, for at most two days; neither can be found by who you are.
own-delete = Delete my data
own-delete-what = This deletes your { $balance }, your history and your streak for good. Anything still in the queue is cancelled.
own-delete-sure = Yes, delete everything
own-delete-do = Delete everything about me
own-sign-out = Sign out
own-sign-out-here = Here
own-sign-out-everywhere = Everywhere

## The statement

statement-none = Nothing yet. You earn your first { $points-word } by watching the stream.
statement-older = Older
statement-back = Back to the panel
statement-watching = Watching the stream of { $day }, so far
statement-watched = Watched the stream of { $day }
statement-redeemed = Redeemed { $reward }
statement-voted = Voted for { $reward }
statement-gave = Gave to { $reward }
statement-refunded = Back from { $reward }
statement-donation = Thanks for a donation
statement-welcome = Welcome
statement-from = From { $viewer }
statement-to = To { $viewer }
statement-somebody = somebody
statement-streak = { $length } streams in a row
statement-adjusted = Adjusted by a moderator

## How it works

how-earning = Earning
how-spending = Spending
how-chat = In chat
how-watch = Be in chat while the stream is live: every { $interval } of watching brings { $amount }.
how-welcome = Everybody starts with { $amount }.
how-members = Members get { $percent } % of that.
how-authenticated = Viewers who have authenticated in chat get { $percent } % of that.
how-moderators = Moderators get { $percent } % of that.
how-streaks = Watching streams in a row, at least { $watch } each, is counted as your streak.
how-streaks-bring = Watching streams in a row, at least { $watch } each, brings more: { $list }.
how-streak-first = { $amount } from { $length } streams in a row
how-streak-more = { $amount } from { $length }
how-redeem = Click here, or write { $prefix } and the reward's name in chat. Both cost and do the same.
how-queue = A redeem waits in the queue until the streamer has done it. If it cannot be done, your { $points-word } come back.
how-goals = A goal takes any amount, from everybody. You keep whatever it does not need.
how-take-back = You can take back here what is still in the queue.
how-give = Give { $points-word } to others with { $command } and their name: { $min-number } to { $max-number } at once.
how-command-points = how many you have
how-command-rewards = what you can get
how-command-queue = what is in the queue
how-command-top = who has the most
how-command-streak = your streams in a row
how-command-watchtime = how long you have watched
how-command-panel = a code for this page
how-command-help = how it works

## Why a request fails

error-not-found = There is nothing here. Open the panel from the stream's page.
error-cross-origin = That did not come from this page, so nothing was done. Load the panel again.
error-signed-out = You are signed out. Load the panel again to sign in; nothing was spent.
error-too-large = That is more than fits here. Write less; nothing was spent.
error-bad-form = This page is too old. Load the panel again; nothing was spent.
error-failed = That did not work just now, and nothing is lost. Try again in a moment.

## What the panel's scripts write

script-copied = Copied
script-copy = Copy
script-not-sent = That did not get through. Try again in a moment; you will not be charged twice.
script-progress-with-own = { $progress } — { $own }
script-selected = Selected: now copy it
script-stale = No updates since { $time }. Reconnecting… If a click fails, try it again.
script-state-with-time = { $text } { $time }
script-you = you
