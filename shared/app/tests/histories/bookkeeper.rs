//! A model of the rules, written as simply as possible: no table, no events, no conditions. It shares no code
//! with the bot, so that a mistake would have to be made twice.

use std::collections::HashMap;

#[derive(Debug, Clone)]
struct Sale {
    reward: &'static str,
    viewer: usize,
    price: i64,
    stream: u32,
    open: bool,
}

#[derive(Debug, Default)]
struct Uses {
    count: u64,
    points: i64,
    /// The newest use: its time, and the sale it made.
    last: Option<(i64, usize)>,
}

pub(crate) struct Bookkeeper {
    balances: Vec<Option<i64>>,
    /// 0 before the first stream.
    stream: u32,
    live: bool,
    sales: Vec<Sale>,
    /// By reward, and by reward and viewer.
    all: HashMap<&'static str, Uses>,
    own: HashMap<(&'static str, usize), Uses>,
    in_stream: HashMap<(&'static str, u32), u64>,
    in_stream_by: HashMap<(&'static str, usize, u32), u64>,
}

impl Bookkeeper {
    pub(crate) fn new(viewers: usize) -> Self {
        Self {
            balances: vec![None; viewers],
            stream: 0,
            live: false,
            sales: Vec::new(),
            all: HashMap::new(),
            own: HashMap::new(),
            in_stream: HashMap::new(),
            in_stream_by: HashMap::new(),
        }
    }

    pub(crate) fn meets(&mut self, viewer: usize) {
        self.balances[viewer].get_or_insert(100);
    }

    pub(crate) fn starts(&mut self) {
        self.stream += 1;
        self.live = true;
    }

    pub(crate) fn stops(&mut self) {
        self.live = false;
    }

    pub(crate) fn ticks(&mut self, here: &[usize]) {
        if !self.live {
            return;
        }
        let mut once = here.to_vec();
        once.sort_unstable();
        once.dedup();
        for viewer in once {
            *self.balances[viewer].get_or_insert(100) += 10;
        }
    }

    /// Applies a message. Returns whether it made a redemption that can be refunded.
    pub(crate) fn writes(&mut self, viewer: usize, line: &str, now: i64) -> bool {
        self.meets(viewer);
        let has = self.balance(viewer);
        let (all, own) = (|name| self.count(name), |name| self.own.get(&(name, viewer)));
        let used = |name| self.in_stream.get(&(name, self.stream)).copied().unwrap_or(0);
        let used_by = |name| self.in_stream_by.get(&(name, viewer, self.stream)).copied().unwrap_or(0);
        let rested = |uses: Option<&Uses>, ms| {
            uses.and_then(|uses| uses.last).is_none_or(|(last, _)| now - last >= ms)
        };
        let (name, price) = match line {
            "!hydrate" if all("hydrate") < 6 && used_by("hydrate") < 2 => ("hydrate", 20),
            "!song Blue" if rested(self.all.get("song"), 120_000) => ("song", 30),
            "!red" if own("red").map_or(0, |uses| uses.count) < 3 => ("red", 5),
            "!wave" if used("wave") < 3 && rested(own("wave"), 60_000) => ("wave", 0),
            "!charity 40" => ("charity", 40),
            "!charity all" => ("charity", has),
            "!charity 10%" => ("charity", has / 10),
            _ => return false,
        };
        let missing = 200 - self.all.get("charity").map_or(0, |uses| uses.points);
        let price = if name == "charity" { price.min(missing) } else { price };
        if price > has || (name == "charity" && price == 0) {
            return false;
        }
        let sale = self.sales.len();
        self.balances[viewer] = Some(has - price);
        for uses in [self.all.entry(name).or_default(), self.own.entry((name, viewer)).or_default()] {
            uses.count += 1;
            uses.points += price;
            uses.last = Some((now, sale));
        }
        *self.in_stream.entry((name, self.stream)).or_default() += 1;
        *self.in_stream_by.entry((name, viewer, self.stream)).or_default() += 1;
        let sold = matches!(name, "hydrate" | "song" | "wave");
        if sold {
            self.sales.push(Sale { reward: name, viewer, price, stream: self.stream, open: true });
        }
        sold
    }

    pub(crate) fn closes(&mut self, place: usize, refund: bool) {
        let sale = &mut self.sales[place];
        if !std::mem::replace(&mut sale.open, false) || !refund {
            return;
        }
        let Sale { reward, viewer, price, stream, .. } = sale.clone();
        *self.balances[viewer].get_or_insert(0) += price;
        for uses in [self.all.entry(reward).or_default(), self.own.entry((reward, viewer)).or_default()] {
            uses.count -= 1;
            uses.points -= price;
            uses.last = uses.last.filter(|(_, sale)| *sale != place);
        }
        *self.in_stream.entry((reward, stream)).or_default() -= 1;
        *self.in_stream_by.entry((reward, viewer, stream)).or_default() -= 1;
    }

    pub(crate) fn balance(&self, viewer: usize) -> i64 {
        self.balances[viewer].unwrap_or(0)
    }

    fn count(&self, name: &str) -> u64 {
        self.all.get(name).map_or(0, |uses| uses.count)
    }

    /// Uses and points of a reward.
    pub(crate) fn uses(&self, name: &str) -> (u64, i64) {
        self.all.get(name).map_or((0, 0), |uses| (uses.count, uses.points))
    }

    pub(crate) fn waiting(&self) -> usize {
        self.sales.iter().filter(|sale| sale.open).count()
    }
}
