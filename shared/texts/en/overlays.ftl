# What the overlays in OBS say.

overlays = Overlays
overlays-how = Use any of these URLs as a browser source in OBS.
overlays-need-scripts = This overlay is drawn by a script: use it as a browser source in OBS.
title-votes = Votes
title-goals = Goals
title-alerts = Alerts
title-timers = Timers
title-queue = Queue
title-leaderboard = Leaderboard
title-ticker = Ticker
alert-given = { $amount-number } given
waiting = { $count } waiting

## What the overlays' scripts write

script-alert-donation = Thank you
script-alert-follow = New follower
script-alert-goal = Goal reached
script-alert-milestone = Milestone reached
script-alert-redeem = Redeem
script-alert-redeemed = { $name } redeemed { $reward }
script-alert-set-off = { $name } set off { $reward }
script-alert-special = Live now
script-alert-timer = Time is up
script-board-empty = Nobody yet
script-board-title = Top
script-board-watched = time watched
script-donor-unnamed = Somebody
script-goals-empty = No goal right now
script-percent = { $percent } %
script-queue-empty = Nothing waiting
script-queue-title = Queue
script-ticker-empty = Nothing new
script-ticker-goal = Goal
script-ticker-place = Top { $place }
script-ticker-redeem = Redeem
script-time-left = { $time } left
script-timer-unnamed = Timer
script-vote-closed = closed
script-votes-empty = No vote right now
script-watched-hours = { $hours } h
script-watched-hours-minutes = { $hours } h { $minutes } min
script-watched-minutes = { $minutes } min
