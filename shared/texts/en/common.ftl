# Parts that every surface uses: amounts, durations and lists. A translation keeps the ids and the variables.
#
# An amount of points called $price comes as three variables: $price is the number with the streamer's own word for points
# ("1,000 coins"), $price-number the number alone, and $price-word the word alone, in the form that fits the number.
# $points-word is the streamer's word in the plural, and $point-word for one, everywhere.

points-amount = { $number } { $word }
points-form = { $number ->
    [one] { $one }
   *[other] { $other }
}

# A duration in its larger units, rounded down: "2 h 5 min".
about-hours-minutes = { $hours } h { $minutes } min
about-hours = { $hours } h
about-minutes = { $minutes } min
about-seconds = { $seconds } s

# A duration after the word "every".
every-minutes = { $minutes ->
    [one] minute
   *[other] { $minutes } minutes
}
every-seconds = { $seconds ->
    [one] second
   *[other] { $seconds } seconds
}

# A duration in whole words.
long-hours = { $hours ->
    [one] { $hours } hour
   *[other] { $hours } hours
}
long-minutes = { $minutes ->
    [one] { $minutes } minute
   *[other] { $minutes } minutes
}
long-seconds = { $seconds ->
    [one] { $seconds } second
   *[other] { $seconds } seconds
}
long-two = { $larger } { $smaller }
length = { $time }

# What stands between the items of a list.
list-separator = { ", " }
# "Ann, Bob and Cleo", and "Ann, Bob and 3 more".
names-and = { $names } and { $last }
names-more = { $names } and { $more } more

# The state of a reward. After a state that ends at a known time, the time left follows.
state-off = off right now
state-only-live = while the stream is live
state-authenticated = for authenticated chatters
state-members = members only
state-followers = followers only
state-moderators = moderators only
state-vote-closed = closed
state-goal-reached = reached
state-goal-over = over
state-on-cooldown = again in
state-used-up = used up
state-used-up-for-you = used up for you
state-all-votes-given = all your votes given
state-missing = { $missing-number } more to go
state-left = { $left } left
state-left-for-you = { $left } left for you
state-with-time = { $text } { $time }

# The progress of goals and votes.
progress = { $progress-number } of { $target-number }
progress-rest = { $rest-number } to go
progress-reached = reached
votes = { $count ->
    [one] { $count } vote
   *[other] { $count } votes
}
