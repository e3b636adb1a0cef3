# What the bot writes in chat. Values are escaped when they are filled in; the texts themselves may contain Owncast's
# Markdown. `<` is shown as it is written.

## Answers for one viewer

points = { $name }, you have { $balance }
help = { $name }, you earn { $per_tick } for every { $interval } you watch. Spend them with { $prefix }<reward>, for example { $prefix }{ $example }. See { $prefix }panel, { $prefix }points, { $prefix }rewards and { $prefix }queue.
help_without_rewards = { $name }, you earn { $per_tick } for every { $interval } you watch. There is nothing to spend them on yet. See { $prefix }points.
rewards = Rewards: { $list }
rewards_in = { $category }: { $list }
rewards_more = Rewards: { $list } and { $more } more. Narrow it down with { $prefix }rewards <category>: { $categories }
rewards_none = There are no rewards right now. Your { $points-word } are safe until there are.
rewards_unknown_category = There is no category called { $category }. There is: { $categories }
rewards_no_categories = Rewards have no categories here; { $prefix }rewards shows them all.
priced = { $reward } ({ $price-number })
any_amount = { $reward } (any amount)
queue_empty = The queue is empty.
queue = { $count } waiting: { $list }
queue_own = { $count } waiting: { $list }. Your { $reward } is number { $place }.
queued = { $reward } for { $name }
suggestion = Did you mean { $prefix }{ $name }?
uptime = The stream has been live for { $time }.
uptime_live = The stream is live.
uptime_offline = The stream is offline.
watchtime = { $name }, you have watched for { $time } in all.
watchtime_none = { $name }, you have not watched yet. Time counts while you are in chat and the stream is live.
streak_off = { $name }, streams in a row are not counted here.
streak_none = { $name }, you have no streak yet. Watch a stream for { $watch } to begin one.
streak_over = { $name }, your streak has ended; your best is { $best }. Watch a stream for { $watch } to begin a new one.
own_streak = { $name }, your streak is { $length } and your best { $best }.
own_streak_next = { $name }, your streak is { $length } and your best { $best }. The next stream brings { $points }.
own_streak_from = { $name }, your streak is { $length } and your best { $best }. From { $from } in a row, each stream brings { $points }.
own_streak_next_and_from = { $name }, your streak is { $length } and your best { $best }. The next stream brings { $points }, and from { $from } in a row each brings { $more-number }.

## Boards

top_points = Most { $points-word }: { $list }
top_points_without_you = Most { $points-word }: { $list }. You are not shown; { $prefix }top on changes that.
top_watched = Longest watched: { $list }
top_watched_without_you = Longest watched: { $list }. You are not shown; { $prefix }top on changes that.
top_empty = Nobody is on the board yet. It fills while people watch the stream.
top_howto = Write { $prefix }top for { $points-word }, { $prefix }top watchtime for time watched, or { $prefix }top off to stay off the boards.
place_by_points = { $place }. { $name } { $points-number }
place_by_time = { $place }. { $name } { $time }
boards_off = { $name }, you are not shown on boards. { $prefix }top on changes that.
boards_on = { $name }, you are shown on boards. { $prefix }top off changes that.

## Points from viewer to viewer

give_howto = Write { $prefix }give <viewer> <{ $points-word }>, such as { $prefix }give Ann 50.
give_off = { $name }, { $points-word } cannot be given to others here.
give_amount = { $name }, write a whole number of { $points-word }, all, or a share such as 10%.
give_self = { $name }, those { $points-word } are yours already. Give them to somebody else.
give_banned = { $name }, { $viewer } is banned and cannot get { $points-word }.
give_least = { $name }, give at least { $min }.
give_most = { $name }, give at most { $max } at once.
give_day_left = { $name }, you can give { $left-number } more { $left-word } today. A new day begins at midnight UTC.
give_day_over = { $name }, you have given { $max } today, and that is all for one day. A new day begins at midnight UTC.

## Why a reward cannot be used

off = { $name }, { $reward } is off right now.
only_live = { $name }, { $reward } only works while the stream is live.
authenticated_only = { $name }, { $reward } is for viewers who have signed in to chat. Use "Authenticate" in the chat's menu.
members_only = { $name }, { $reward } is for members.
followers_only = { $name }, { $reward } is for followers whose Fediverse handle the streamer has confirmed.
moderators_only = { $name }, { $reward } is for moderators.
note_missing = { $name }, add a note: { $prefix }{ $reward } <your note>. Nothing was taken.
note_too_long = { $name }, your note has { $length } characters and { $max } fit. Nothing was taken.
cooling_down = { $name }, { $reward } is on cooldown. Try again in { $wait }.
sold_out = { $name }, { $reward } is sold out.
stream_limit = { $name }, { $reward } is used up for this stream.
viewer_limit = { $name }, { $reward } is used up for you in this stream.
need_more = { $name }, { $reward } costs { $price } and you need { $missing-number } more.
vote_closed = { $name }, the vote for { $reward } is closed.
vote_limit = { $name }, that is all the votes you can give { $reward }.
goal_done = { $name }, { $reward } is reached already. Nothing was taken.
goal_over = { $name }, the time for { $reward } has run out. It stands at { $progress-number } of { $target }. Nothing was taken.
goal_howto = { $name }, { $reward } stands at { $progress-number } of { $target }. Give with { $prefix }{ $reward } 50, { $prefix }{ $reward } all or { $prefix }{ $reward } 10%.
goal_need_more = { $name }, you need { $missing-number } more { $missing-word } to give { $amount-number }.
goal_too_little = { $name }, that would be less than one { $point-word }.
goal_broke = { $name }, there are no { $points-word } left to give. Watching brings more.

## What everybody sees

redeemed = { $name } redeemed { $reward }.
redeemed_with_note = { $name } redeemed { $reward }: { $note }
voted = { $name } voted for { $reward }.
contributed = { $name } gave { $amount } to { $reward }: { $progress-number } of { $target-number }.
contributed_in_a_crowd = { $name } gave { $amount } to { $reward }.
milestone = { $reward } reached { $at-number }: { $text }
goal_reached = { $reward } is reached! { $target }. Thank you all.
fulfilled = { $name }, your { $reward } is done.
refunded = { $name }, your { $reward } was refunded: { $price-number ->
    [one] { $price } is back.
   *[other] { $price } are back.
}
gave = { $name } gave { $viewer } { $points }.
timer_set = Timer { $timer } ends in { $time }.
timer_set_unnamed = The timer ends in { $time }.
timer_cancelled = Timer { $timer } is cancelled.
timer_cancelled_unnamed = The timer is cancelled.
taken_back = { $name } took { $reward } back.

## Signing in to the panel

panel_off = { $name }, the panel is not set up here yet.
panel_again = { $name }, that came too late to be safe. Write { $prefix }panel again.
panel_link = [Open your panel]({ $url }), or type the code { $code } in the panel under the stream. Both are only for you, and work once within 5 minutes.
panel_code = Type the code { $code } in the panel under the stream. It is only for you, and works once within 5 minutes.
panel_by_link = Open the panel under the stream, ask it for a code, and write { $prefix }link and that code here.
link_howto = { $name }, open the panel under the stream, ask it for a code, and write { $prefix }link and that code here.
link_unknown = { $name }, that code is invalid or has expired. Ask the panel for a new one.
linked = { $name }, a panel is signed in as you now. If that was not you, write { $prefix }unlink: it signs every panel out.
unlinked = { $name }, every panel of yours is signed out.

## By the clock

timer_over = Time is up: { $timer }
timer_over_unnamed = Time is up!
vote_over = The vote for { $reward } has ended: { $count ->
    [one] { $count } vote.
   *[other] { $count } votes.
}
goal_missed = The time for { $reward } has run out at { $progress-number } of { $target }. Thank you for every { $point-word }.
goal_missed_given_back = The time for { $reward } has run out at { $progress-number } of { $target }. All { $points-word } go back to those who gave them.
streak = { $names } watched { $length } streams in a row!
missed_commands = { $count ->
    [one] I was away and missed a command that is too old now. Please send it again.
   *[other] I was away and missed { $count } commands that are too old now. Please send them again.
}

## For moderators

adjust_howto = Write { $prefix }{ $command } <viewer> <{ $points-word }> [reason].
viewer_unknown = I don't know anyone called { $viewer }.
viewer_ambiguous = Several viewers are called { $viewer }. Write the id instead of the name: { $list }
viewer_item = id:{ $viewer }
viewer_item_with = id:{ $viewer } with { $points-number }
adjust_amount = Write a whole number of { $points-word } from 1 to { $max }.
adjust_short = { $viewer } has { $points }, so { $amount-number } cannot be taken.
viewer_full = { $viewer } cannot hold that many { $points-word }.
added = { $viewer } got { $amount } and now has { $points-number }.
removed = { $viewer } lost { $amount } and now has { $points-number }.
moderators_command = { $name }, { $prefix }{ $command } is for moderators.
timer_howto = Write { $prefix }timer 5m pizza to set a timer, { $prefix }timer list to see all, { $prefix }timer cancel pizza to end one early.
timer_length = A timer lasts { $shortest } to { $longest }. Write 90 for seconds, 5m, 2h or 1h30m.
timer_name_too_long = The name of a timer has at most { $max } characters; this one has { $length }.
timer_too_many = There are already { $max } timers. Cancel one first: { $list }
timer_list = Timers: { $list }
timer_none = No timers are running. { $prefix }timer 5m pizza sets one.
timer_unknown = No timer is called { $timer }. There is { $list }
timer_ambiguous = More than one timer fits. Write its number, such as { $prefix }timer cancel 1: { $list }
timer_item = { $number }: { $timer } in { $time }
timer_item_unnamed = { $number }: in { $time }

## The streamer's own lines, and the values of their placeholders

own_line = { $line }
earn = { $points } every { $interval }
duration = { $time }
offline = offline
goal_progress = { $reward }: { $progress-number } of { $target-number }
no_goal = no goal
you = you
