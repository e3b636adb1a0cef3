//! The view models: what is on the page, ready to be rendered.

mod board;
mod card;
mod filled;
mod how;
mod mine;
mod redemption;
mod statement;

use std::collections::HashMap;

use askama::Template;
use ownchatbot_app::sign_in::Visitor;
use ownchatbot_domain::reward::Kind;
use ownchatbot_domain::{CategoryId, Redemption, RewardId, Usage};
use ownchatbot_texts::{ScriptTexts, Words};
use ownchatbot_web::form::{PageForms, TextField};
use ownchatbot_web::{Notice, Notices, assets, filters};

pub(crate) use board::Boards;
pub(crate) use card::Card;
pub(crate) use filled::{CODE, Filled};
pub(crate) use how::How;
pub(crate) use mine::{Me, Own};
pub(crate) use redemption::{Redeemer, RedemptionRow, redemption_id, redemption_key};
pub(crate) use statement::StatementView;

use crate::emoji::Emojis;
use crate::public::Public;

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
    pub(crate) forms: PageForms,
}

/// How a redemption that waited in the queue ended.
#[derive(Debug, Clone, Copy)]
pub(crate) enum News {
    /// The streamer fulfilled it.
    Done,
    /// The points were refunded.
    Refunded,
}

impl News {
    /// The notice that reports it. The page's script plays a sound.
    pub(crate) fn notice(self, line: impl Into<String>) -> Notice {
        let kind = match self {
            Self::Done => "done",
            Self::Refunded => "refunded",
        };
        Notice { kind: Some(kind), ..Notice::new(true, line) }
    }
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
    t: Words,
    style: String,
    script: String,
    /// The modules that the script imports.
    modules: Vec<String>,
    /// The texts that the scripts write, as JSON.
    messages: ScriptTexts,
    htmx: String,
    title: String,
    prefix: String,
    live: bool,
    /// Whether Owncast does not respond to the bot.
    away: bool,
    keeps_cookies: bool,
    /// The session for the page to keep, where the browser keeps no cookies.
    session: Option<String>,
    code: TextField,
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
#[derive(Debug)]
pub(crate) struct PageOptions {
    /// Whether the browser keeps cookies in this frame.
    pub(crate) keeps_cookies: bool,
    /// The session for the page to keep, where the browser keeps no cookies.
    pub(crate) session: Option<String>,
    /// The notices to show.
    pub(crate) notices: Vec<Notice>,
    /// What a refused form was filled in with.
    pub(crate) filled: Filled,
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
        let snapshot = &public.snapshot;
        let settings = &snapshot.config.settings;
        let (mut goals, mut votes) = (Vec::new(), Vec::new());
        for reward in snapshot.config.live_rewards() {
            match reward.kind {
                Kind::Goal(_) => goals.push(Card::of(reward, public, personal)),
                Kind::Vote(_) => votes.push(Card::of(reward, public, personal)),
                Kind::Redeem(_) | Kind::Special(_) => {}
            }
        }
        let mut groups = groups(public, personal);
        if let Some((reward, argument)) = options.filled.use_of {
            let all = groups.iter_mut().flat_map(|group| &mut group.cards).chain(&mut goals);
            if let Some(card) = all.into_iter().find(|card| card.id == reward.as_str()) {
                card.fill(argument);
            }
        }
        let row = |redemption| RedemptionRow::finished(redemption, personal, public);
        Self {
            t: public.words.clone(),
            style: assets::path("viewer/panel.css"),
            script: assets::path("viewer/panel.js"),
            modules: assets::imports("viewer/panel.js"),
            messages: public.words.scripts(),
            htmx: assets::path("vendor/htmx.js"),
            title: capitalised(&settings.points.name.other),
            prefix: settings.chat.prefix.to_string(),
            live: snapshot.stream.live,
            away: snapshot.away_since.is_some(),
            keeps_cookies: options.keeps_cookies,
            session: options.session,
            code: options.filled.code,
            me: personal.map(|personal| Me::of(public, personal)),
            own: personal.map(|personal| Own::of(public, personal)),
            notices: Notices::new(options.notices),
            groups,
            goals,
            votes,
            queue: RedemptionRow::queue(public, personal),
            statement,
            recent: recent.iter().map(row).collect(),
            boards: Boards::of(public, personal),
            how: How::of(&snapshot.config, &public.words),
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
                let name = category
                    .map_or_else(|| public.words.get("page-rewards"), |category| category.name.clone());
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
    t: Words,
    style: String,
    statement: StatementView,
}

impl Older {
    pub(crate) fn of(statement: StatementView, t: Words) -> Self {
        Self { t, style: assets::path("viewer/panel.css"), statement }
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

/// The parts of the page that change with a click. htmx puts the card in the place of the old one, and swaps
/// the others in out of band.
#[derive(Template)]
#[template(path = "viewer/parts.html")]
pub(crate) struct Parts {
    /// The card of the reward that was used.
    pub(crate) card: Option<Card>,
    /// The top of the page.
    pub(crate) me: Me,
    /// The section "You".
    pub(crate) own: Own,
    /// The first page of the statement.
    pub(crate) statement: StatementView,
    /// The notices.
    pub(crate) notices: Notices,
}
