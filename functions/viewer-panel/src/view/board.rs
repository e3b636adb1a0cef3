//! The leaderboard.

use ownchatbot_domain::Span;
use ownchatbot_domain::board::{self, Order};
use ownchatbot_web::words::grouped;

use super::Personal;
use crate::public::Public;

/// The most viewers in each order.
const MAX_SHOWN: usize = 10;

/// The leaderboard, in both orders.
#[derive(Debug)]
pub(crate) struct Boards {
    pub(crate) points: Vec<Place>,
    pub(crate) watched: Vec<Place>,
}

/// A viewer on the board.
#[derive(Debug)]
pub(crate) struct Place {
    pub(crate) name: String,
    pub(crate) value: String,
    pub(crate) own: bool,
}

impl Boards {
    pub(crate) fn of(public: &Public, personal: Option<&Personal>) -> Self {
        let top = |order: Order| {
            let first = board::top(&public.snapshot.board, order, MAX_SHOWN).into_iter();
            first
                .map(|entry| Place {
                    name: entry.name.clone(),
                    value: match order {
                        Order::Points => grouped(entry.balance.get()),
                        Order::Watched => {
                            let watched = Span::from_ms(entry.watched_seconds.saturating_mul(1000));
                            public.words.length(watched)
                        }
                    },
                    own: personal.is_some_and(|personal| personal.visitor.person.id == entry.viewer),
                })
                .collect()
        };
        Self { points: top(Order::Points), watched: top(Order::Watched) }
    }
}
