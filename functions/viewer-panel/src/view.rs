//! The view models: what is on the page, ready to be rendered.

mod board;
mod card;
mod how;
mod mine;
mod redemption;
mod statement;

use std::collections::HashMap;
use std::fmt;

use askama::Template;
use askama::filters::HtmlSafe;
use ownchatbot_app::sign_in::Visitor;
use ownchatbot_domain::reward::Kind;
use ownchatbot_domain::{CategoryId, Redemption, RewardId, Usage};
use ownchatbot_web::assets;

pub(crate) use board::Boards;
pub(crate) use card::Card;
pub(crate) use how::How;
pub(crate) use mine::{Me, Own};
pub(crate) use redemption::{Redeemer, RedemptionRow, redemption_id, redemption_key};
pub(crate) use statement::StatementView;

use crate::emoji::Emojis;
use crate::public::Public;

/// The CSRF token and the one-time keys of a page's forms.
#[derive(Debug, Clone)]
pub(crate) struct Forms {
    /// The session's CSRF token.
    pub(crate) csrf: String,
    /// The beginning of the one-time keys. They end with what the form is for, so that each form has a key of
    /// its own.
    pub(crate) nonce: String,
}

impl Forms {
    /// The one-time key of the form for `what`, such as a reward's id. It makes sending the form idempotent.
    pub(crate) fn key(&self, what: &str) -> String {
        format!("{}-{what}", self.nonce)
    }
}

/// A signed-in viewer, with everything that their page needs.
#[derive(Debug)]
pub(crate) struct Personal {
    /// The viewer and their account.
    pub(crate) visitor: Visitor,
    /// The keyed hash of their id, as in `live.json`.
    pub(crate) hash: String,
    /// How they have used each reward.
    pub(crate) uses: HashMap<RewardId, Usage>,
    /// The token and keys of their forms.
    pub(crate) forms: Forms,
}

/// A message to the visitor about something that has just happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Notice {
    /// Whether it reports a success.
    pub(crate) good: bool,
    /// The text.
    pub(crate) line: String,
    /// The form that undoes it, where that is possible.
    pub(crate) undo: Option<TakeBack>,
    /// How a redemption of the visitor's ended, where the notice reports that. The page's script then plays a
    /// sound.
    pub(crate) news: Option<News>,
}

/// How a redemption that waited in the queue ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum News {
    /// The streamer fulfilled it.
    Done,
    /// The points were refunded.
    Refunded,
}

impl fmt::Display for News {
    /// The `data-kind` of the notice.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Done => "done",
            Self::Refunded => "refunded",
        })
    }
}

/// The form that takes a redemption back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TakeBack {
    /// The redemption's id, as [`redemption_id`] writes it.
    pub(crate) redemption: String,
    /// The session's CSRF token.
    pub(crate) csrf: String,
    /// The form's one-time key.
    pub(crate) key: String,
}

impl Notice {
    /// A notice that reports a success or not, without an undo form.
    pub(crate) fn new(good: bool, line: impl Into<String>) -> Self {
        Self { good, line: line.into(), undo: None, news: None }
    }

    /// A notice of how a redemption ended.
    pub(crate) fn news(news: News, line: impl Into<String>) -> Self {
        Self { news: Some(news), ..Self::new(true, line) }
    }
}

/// The page's notices. Screen readers announce them.
#[derive(Debug, Clone, PartialEq, Eq, Default, Template)]
#[template(path = "viewer/parts/notices.html")]
pub(crate) struct Notices {
    /// Whether htmx swaps it in out of band, in place of the earlier notices.
    pub(crate) swap: bool,
    /// The notices, in the order in which they are shown.
    pub(crate) lines: Vec<Notice>,
}

/// The rewards of one category.
#[derive(Debug)]
pub(crate) struct Group {
    /// The category's name.
    pub(crate) name: String,
    /// The cards of its rewards.
    pub(crate) cards: Vec<Card>,
}

/// The whole page.
#[derive(Template)]
#[template(path = "viewer/page.html")]
pub(crate) struct Page {
    style: String,
    script: String,
    htmx: String,
    title: String,
    prefix: String,
    live: bool,
    /// Whether Owncast does not respond to the bot.
    away: bool,
    keeps_cookies: bool,
    /// The session for the page to keep, where the browser keeps no cookies.
    session: Option<String>,
    me: Option<Me>,
    own: Option<Own>,
    notices: Notices,
    groups: Vec<Group>,
    goals: Vec<Card>,
    votes: Vec<Card>,
    queue: Vec<RedemptionRow>,
    statement: Option<StatementView>,
    recent: Vec<RedemptionRow>,
    boards: Boards,
    how: How,
}

/// What the page depends on beside the data.
#[derive(Debug, Default)]
pub(crate) struct PageOptions {
    /// Whether the browser keeps cookies in this frame.
    pub(crate) keeps_cookies: bool,
    /// The session for the page to keep, where the browser keeps no cookies.
    pub(crate) session: Option<String>,
    /// The notices to show.
    pub(crate) notices: Vec<Notice>,
}

impl Page {
    /// The page, with the part of `personal` where a viewer is signed in.
    pub(crate) fn of(
        public: &Public,
        recent: &[Redemption],
        personal: Option<&Personal>,
        statement: Option<StatementView>,
        options: PageOptions,
    ) -> Self {
        let (snapshot, emojis) = (&public.snapshot, &public.emojis);
        let settings = &snapshot.config.settings;
        let (mut goals, mut votes) = (Vec::new(), Vec::new());
        for reward in snapshot.config.live_rewards() {
            match reward.kind {
                Kind::Goal(_) => goals.push(Card::of(reward, public, personal)),
                Kind::Vote(_) => votes.push(Card::of(reward, public, personal)),
                Kind::Redeem(_) | Kind::Special(_) => {}
            }
        }
        let row = |redemption| RedemptionRow::finished(redemption, personal, emojis);
        Self {
            style: assets::path("panel.css"),
            script: assets::path("panel.js"),
            htmx: assets::path("htmx.js"),
            title: capitalised(&settings.points.name.other),
            prefix: settings.chat.prefix.to_string(),
            live: snapshot.stream.live,
            away: snapshot.away_since.is_some(),
            keeps_cookies: options.keeps_cookies,
            session: options.session,
            me: personal.map(|personal| Me::of(public, personal)),
            own: personal.map(|personal| Own::of(public, personal)),
            notices: Notices { swap: false, lines: options.notices },
            groups: groups(public, personal),
            goals,
            votes,
            queue: RedemptionRow::queue(public, personal),
            statement,
            recent: recent.iter().map(row).collect(),
            boards: Boards::of(public, personal),
            how: How::of(&snapshot.config),
        }
    }
}

/// Redeems and specials by category, with those without a category last.
fn groups(public: &Public, personal: Option<&Personal>) -> Vec<Group> {
    let config = &public.snapshot.config;
    let mut groups: Vec<(Option<&CategoryId>, Group)> = Vec::new();
    let shown =
        config.live_rewards().filter(|reward| matches!(reward.kind, Kind::Redeem(_) | Kind::Special(_)));
    let first_on = |categories: &[CategoryId]| {
        config.categories.iter().find(|category| category.on && categories.contains(&category.id))
    };
    for reward in shown {
        let category = first_on(&reward.categories);
        let id = category.map(|category| &category.id);
        let card = Card::of(reward, public, personal);
        match groups.iter_mut().find(|(known, _)| *known == id) {
            Some((_, group)) => group.cards.push(card),
            None => {
                let name = category.map_or_else(|| "Rewards".to_owned(), |category| category.name.clone());
                groups.push((id, Group { name, cards: vec![card] }));
            }
        }
    }
    groups.sort_by_key(|(id, group)| (id.is_none(), group.name.to_lowercase()));
    groups.into_iter().map(|(_, group)| group).collect()
}

/// `text` with its first letter in upper case.
pub(crate) fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// An older page of the statement, as a page of its own for browsers without scripts.
#[derive(Template)]
#[template(path = "viewer/older.html")]
pub(crate) struct Older {
    style: String,
    statement: StatementView,
}

impl Older {
    pub(crate) fn of(statement: StatementView) -> Self {
        Self { style: assets::path("panel.css"), statement }
    }
}

/// Text that somebody wrote, with pictures for its emoji.
#[derive(Debug, Clone, PartialEq, Eq, Default, Template)]
#[template(path = "viewer/parts/rich.html")]
pub(crate) struct Rich {
    pieces: Vec<crate::emoji::Piece>,
}

impl Rich {
    pub(crate) fn new(text: &str, emojis: &Emojis) -> Self {
        Self { pieces: emojis.pieces(text) }
    }
}

// Templates that stand in other templates. Their own values are escaped when they are rendered, so the outer
// template must not escape them again.
impl HtmlSafe for Card {}
impl HtmlSafe for Me {}
impl HtmlSafe for Notices {}
impl HtmlSafe for Own {}
impl HtmlSafe for Rich {}
impl HtmlSafe for StatementView {}
