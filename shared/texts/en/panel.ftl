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
goal_too_little = That would be less than one.
goal_broke = There are no { $points-word } left to give. Watching brings more.

# In the place of the name of a viewer who was erased.
erased_viewer = somebody
