# Parts that every surface uses: amounts, durations and lists. A translation keeps the ids and the variables.
#
# An amount of points called $price comes as three variables: $price is the number with the streamer's own word for points
# ("1,000 coins"), $price-number the number alone, and $price-word the word alone, in the form that fits the number.
# $points-word is the streamer's word in the plural, everywhere.

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

# What stands between the items of a list.
list-separator = { ", " }
# "Ann, Bob and Cleo", and "Ann, Bob and 3 more".
names-and = { $names } and { $last }
names-more = { $names } and { $more } more
